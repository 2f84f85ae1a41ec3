"""Instagram's account export as JSON: each conversation is in files `message_1.json` and so on.

The export writes the bytes of UTF-8 as if each were a letter (`ÐŸÑ€Ð¸Ð²ÐµÑ‚`), which is mended.
Messages have no ids; these are made of the content. The newest message comes first.

Who is who, unless business.yml says it: the customer is whom the conversation is titled after, else
who wrote first; everybody else is an operator. A conversation bears the id of its thread, or the
customer's name where the file does not say it.

Likes and calls are kept as `service`; so is what was unsent. Deliberately nothing: reactions, and
the files of a zip that are no conversations.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.sources.archives import members, open_member
from orchestration.sources.chats import MOST_SPEAKERS, MessageIds, find_customer
from orchestration.sources.contract import Reading, Record, reject, row
from orchestration.sources.json_document import ANY, JsonValue, json_values
from orchestration.sources.lines import BROKEN_CONTENT
from orchestration.streams import MESSAGES

_MESSAGE = ("messages", ANY)
_HEADER = frozenset({("title",), ("thread_path",)})
_WANTED = frozenset({_MESSAGE}) | _HEADER
_CONVERSATION = re.compile(r"(?:^|/)message_\d+\.json$")
_SERVICE = re.compile(r"Liked a message|Reacted .{1,20} to your message ?")
_ATTACHED = re.compile(r".{1,100} sent an attachment\.")


@dataclass
class _Thread:
    """What the first reading of a conversation's file finds."""

    title: str = ""
    path: str = ""
    has_messages: bool = False
    # By name, the time of the earliest message, to find who wrote first.
    firsts: dict[str, float] = field(default_factory=dict)
    customer: str | None = None
    ids: MessageIds = field(default_factory=MessageIds)


def read_export(path: Path, reading: Reading) -> Iterator[Record]:
    """Give a record for every message of the conversations in the file."""
    names = members(path, lambda name: _CONVERSATION.search(name) is not None)
    if not names:
        yield reject(1, "broken_file" if names is None else "unknown_format", None)
        return
    number = 0
    try:
        for name in names:
            for record in _read_thread(path, name, number, reading):
                number = record.number
                yield record
    except BROKEN_CONTENT:
        yield reject(number + 1, "broken_file", None)


def _read_thread(path: Path, name: str, number: int, reading: Reading) -> Iterator[Record]:
    thread = _look_through(path, name, reading)
    is_empty = not thread.has_messages and not thread.path
    with open_member(path, name) as content:
        for found in json_values(content, _WANTED):
            if found.fault or found.shape() == _MESSAGE:
                is_empty = False
                number += 1
                yield _record(number, found, thread, reading)
    if is_empty:
        yield reject(number + 1, "unknown_format", None)


def _look_through(path: Path, name: str, reading: Reading) -> _Thread:
    thread = _Thread()
    with open_member(path, name) as content:
        for found in json_values(content, _WANTED):
            if found.path == ("title",):
                thread.title = _mended(found.value)
            elif found.path == ("thread_path",):
                thread.path = _mended(found.value)
            elif isinstance(found.value, dict):
                thread.has_messages = True
                _note(thread.firsts, found.value)
    by_time = sorted(thread.firsts, key=lambda sender: thread.firsts[sender])
    speakers = {sender: (sender,) for sender in by_time}
    thread.customer = find_customer(speakers, reading, thread.title)
    return thread


def _note(firsts: dict[str, float], message: dict[str, Any]) -> None:
    sender, sent_at = _mended(message.get("sender_name")), message.get("timestamp_ms")
    is_known = sender in firsts or len(firsts) < MOST_SPEAKERS
    if sender and isinstance(sent_at, int | float) and is_known:
        firsts[sender] = min(sent_at, firsts.get(sender, sent_at))


def _record(number: int, found: JsonValue, thread: _Thread, reading: Reading) -> Record:
    message, raw_text = found.value, found.raw_text()
    if found.fault:
        return reject(number, found.fault, None)
    if not isinstance(message, dict):
        return reject(number, "unknown_type", raw_text)
    sender, text = _mended(message.get("sender_name")), _mended(message.get("content"))
    if _ATTACHED.fullmatch(text) and message.keys() & {"share", "photos", "videos", "audio_files"}:
        text = ""
    is_service = (
        bool(message.get("is_unsent"))
        or "call_duration" in message
        or _SERVICE.fullmatch(text) is not None
    )
    role = reading.declared_role(sender)
    if is_service:
        sender_role = "system"
    else:
        sender_role = role or ("customer" if thread.customer in {None, sender} else "operator")
    conversation = thread.path.rsplit("/", 1)[-1] or thread.customer or thread.title
    sent_at = message.get("timestamp_ms")
    values = {
        "message_id": thread.ids.make(conversation, sent_at, sender, text),
        "channel": "instagram",
        "chat_id": conversation,
        "user_id": conversation,
        "sent_at": sent_at,
        "sender": sender_role if sender else None,
        "kind": "service" if is_service else "text" if text else "media",
        "body": text,
        "operator_id": sender if sender_role == "operator" else None,
    }
    return row(MESSAGES, number, values, raw_text, speaker=sender)


def _mended(given: object) -> str:
    """The text whose bytes were taken for letters; what is no such text stays as it is."""
    text = given if isinstance(given, str) else ""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
