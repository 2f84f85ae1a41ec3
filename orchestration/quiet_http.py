"""A client of httpx that logs nothing: its lines bear whole URLs, and a URL may bear a secret."""

import logging

import httpx


class _Silence(logging.Filter):
    """Lets nothing through."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        return False


for _module in ("connection", "http11", "http2", "proxy", "socks"):
    logging.getLogger(f"httpcore.{_module}").addFilter(_Silence())
logging.getLogger("httpx").addFilter(_Silence())


def quiet_client(timeout: httpx.Timeout) -> httpx.Client:
    """Return a client that follows no redirects, as a secret may not follow them either."""
    return httpx.Client(timeout=timeout, follow_redirects=False)
