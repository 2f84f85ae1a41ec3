"""Fetch one business from its portal into its folder of the landing zone."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.sources.bitrix24.client import Portal
from orchestration.sources.bitrix24.faults import Fault
from orchestration.sources.bitrix24.fetching_bookings import fetch_bookings
from orchestration.sources.bitrix24.fetching_chats import fetch_chats
from orchestration.sources.bitrix24.fetching_records import DEALS, LEADS, fetch_records
from orchestration.sources.bitrix24.fetching_stages import fetch_stages
from orchestration.sources.bitrix24.pacing import Clock
from orchestration.sources.bitrix24.reference import Fetching, Report, fetch_reference


def fetch_business(
    business_id: str,
    webhook: SecretStr,
    landing_dir: Path,
    tell: Callable[[str], None],
    clock: Clock | None = None,
) -> Report:
    """Write what is new in the portal of `webhook` below `landing_dir`; `tell` hears of progress.

    Going on where an earlier fetching broke off. Raises ActionableError for what a person can mend,
    PortalUnreachableError where trying again later may help; what was read by then is kept.
    """
    folder = landing_dir / business_id / "bitrix24"
    portal = Portal(business_id, webhook, clock)
    try:
        with _only_fetching(folder):
            report = Report()
            started_at = _portal_time(portal)
            fetching = Fetching(
                portal, folder, started_at, report, lambda text: tell(f"{business_id}: {text}")
            )
            _fetch(fetching)
            return report
    except OSError as error:
        raise ActionableError(
            f"What Bitrix24 gave for {business_id} could not be written to {folder} "
            f"({error.strerror}): see that the disk has room and that the folder may be written "
            "to, and run again."
        ) from error
    finally:
        portal.close()


def _fetch(fetching: Fetching) -> None:
    reference = fetch_reference(fetching)
    if not reference.is_simple:
        fetch_records(fetching, LEADS, reference)
    fetch_records(fetching, DEALS, reference)
    if not reference.is_simple:
        fetching.optional(
            "stage history of leads", lambda: fetch_stages(fetching, "lead", reference)
        )
    fetching.optional("stage history of deals", lambda: fetch_stages(fetching, "deal", reference))
    fetching.optional("messages of open lines", lambda: fetch_chats(fetching))
    fetching.optional("bookings", lambda: fetch_bookings(fetching, reference))


def _portal_time(portal: Portal) -> datetime:
    """When it is by the portal's clock, which stamps its records."""
    told = portal.call("server.time").time.get("date_start")
    try:
        time = datetime.fromisoformat(str(told))
    except ValueError:
        raise portal.error("server.time", Fault("", "the answer bears no time")) from None
    if time.tzinfo is None:
        raise portal.error("server.time", Fault("", "the time bears no offset"))
    return time


@contextmanager
def _only_fetching(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "_lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ActionableError(
                f"Another process is fetching Bitrix24 into {folder}: wait until it has ended."
            ) from None
        yield
