"""A server that answers as the Bot API documents, on loopback: one bot and its chats."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class TelegramServer:
    """What the bot said in which chat; `faults` are answered first, one after the other."""

    token: str
    chats: set[str]
    said: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: int = 0
    endpoint: str = ""

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked += 1
        if self.faults:
            return self.faults.pop(0)
        token, _, method = path.removeprefix("/bot").rpartition("/")
        if token != self.token:
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        if method == "getMe":
            return 200, {"ok": True, "result": {"id": 1, "is_bot": True, "username": "kpi_bot"}}
        if body["chat_id"] not in self.chats:
            description = "Bad Request: chat not found"
            return 400, {"ok": False, "error_code": 400, "description": description}
        if method == "getChat":
            return 200, {"ok": True, "result": {"id": 1, "type": "group"}}
        if not body["text"] or len(body["text"]) > 4096:
            description = "Bad Request: message is too long"
            return 400, {"ok": False, "error_code": 400, "description": description}
        self.said.append((body["chat_id"], body["text"]))
        return 200, {"ok": True, "result": {"message_id": len(self.said)}}


@contextmanager
def telegram_server(token: str, chats: set[str]) -> Iterator[TelegramServer]:
    """Serve until the block ends."""
    state = TelegramServer(token, chats)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, said = state.answer(self.path, body)
            payload = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
