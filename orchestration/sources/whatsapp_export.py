"""WhatsApp's "Export chat", a text file or the zip it comes in, as messages.

Times have no offset and are the business's own; as they are to the minute or second, `sequence`
keeps the order of the lines. Ids are made of the content, as the format has none. Which of two
numbers is the day is found out from the whole file (`DateOrder`); business.yml says it where the
file cannot: `whatsapp: {date_order: dmy}`.

Who is who, unless business.yml says it: the customer is whom the file is named after ("Чат WhatsApp
с контактом …"), if they speak in it, else who wrote first; everybody else is an operator. A
conversation is the chat with one customer and bears their phone, or their name where the exporting
phone knows it; a chat of several customers bears the name of the file.

What WhatsApp says itself (encryption, missed calls, deleted messages, who joined) is kept as
`service`.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from orchestration.errors import ActionableError
from orchestration.sources.archives import members, open_member
from orchestration.sources.chats import MessageIds, Speakers, find_customer, note_speaker
from orchestration.sources.contract import Reading, Record, reject, row
from orchestration.sources.lines import BROKEN_CONTENT, LONGEST_LINE_BYTES, Line, physical_lines
from orchestration.sources.whatsapp_lines import (
    DATE_ORDERS,
    DateOrder,
    Head,
    kind_and_body,
    plain_name,
    read_head,
    read_time,
)
from orchestration.streams import MESSAGES

_LOGGER = logging.getLogger(__name__)

_TITLE = re.compile(
    r"(?:whatsapp chat (?:with|[-–—])|чат whatsapp (?:с контактом|с|[-–—]))\s+(.+?)"
    r"(?:\s*\(\d+\))?\.(?:txt|zip)$",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?[\d\s()-]{7,}")
# One more message in the same second or minute than anybody writes.
_MOST_AT_ONCE = 1000


@dataclass
class _Chat:
    """What the first reading of the file finds."""

    title: str | None = None
    order: str = "dmy"
    is_order_shown: bool = True
    speakers: Speakers = field(default_factory=dict)
    customer: str | None = None
    # What stands between time and sender in this file; None before the first message.
    head_end: str | None = None
    fault: str | None = None


@dataclass
class _Message:
    """One message as its lines come in; `fault` is the word of the first line that has one."""

    line: int
    head: Head | None
    lines: list[str]
    size: int
    fault: str | None


def read_export(path: Path, reading: Reading) -> Iterator[Record]:
    """Give a record for every message of the chats in the file."""
    names = members(path, lambda name: name.lower().endswith(".txt"))
    if not names:
        yield reject(1, "broken_file" if names is None else "unknown_format", None)
        return
    number = 0
    try:
        for name in _chats_among(names):
            for record in _read_chat(path, name, number, reading):
                number = record.number
                yield record
    except BROKEN_CONTENT:
        yield reject(number + 1, "broken_file", None)


def find_date_order(path: Path, reading: Reading) -> tuple[str, bool]:
    """Order of day, month and year in the file, and whether the file or business.yml shows it."""
    names = members(path, lambda name: name.lower().endswith(".txt")) or []
    chats = [_look_through(path, name, reading) for name in _chats_among(names)]
    chat = next((chat for chat in chats if not chat.is_order_shown), (chats or [_Chat()])[0])
    return chat.order, chat.is_order_shown


def _chats_among(names: list[str]) -> list[str]:
    """The texts of a zip that are chats and not documents sent in one."""
    chats = [name for name in names if name.endswith("_chat.txt") or _TITLE.search(name)]
    return chats or names[:1]


def _read_chat(path: Path, name: str, number: int, reading: Reading) -> Iterator[Record]:
    chat = _look_through(path, name, reading)
    if chat.head_end is None:
        yield reject(number + 1, chat.fault or "unknown_format", None)
        return
    if not chat.is_order_shown:
        _LOGGER.warning(
            "%s: no date shows which number is the day; read as %s. If that is wrong, say "
            "`whatsapp: {date_order: …}` in business.yml.",
            reading.source_file,
            chat.order,
        )
    ids, last, at_once = MessageIds(), None, 0
    for message in _messages(path, name, chat.head_end):
        number += 1
        time = read_time(message.head, chat.order) if message.head else None
        at_once = at_once + 1 if time == last else 0
        last = time
        yield _record(number, message, chat, ids, reading, min(at_once, _MOST_AT_ONCE - 1))


def _look_through(path: Path, name: str, reading: Reading) -> _Chat:
    chat, orders = _Chat(), DateOrder()
    title = _TITLE.search(name) or _TITLE.search(Path(reading.source_file).name)
    chat.title = plain_name(title[1]) if title else None
    for line, text in _texts(path, name):
        head = read_head(text) if text is not None else None
        if head and chat.head_end in {None, head.end}:
            chat.head_end = head.end
            orders.look_at(head)
            if head.sender and kind_and_body(head, head.text)[0] != "service":
                note_speaker(chat.speakers, head.sender)
        elif line.fault or text is None:
            chat.fault = chat.fault or line.fault or "not_utf8"
    chat.order, chat.is_order_shown = orders.find()
    given = reading.fields.get("date_order")
    if given is not None:
        if given not in DATE_ORDERS:
            raise ActionableError(
                f"business.yml of {reading.business_id} says `whatsapp: {{date_order: {given}}}`: "
                f"set it to one of {', '.join(DATE_ORDERS)}."
            )
        chat.order, chat.is_order_shown = given, True
    chat.customer = find_customer(chat.speakers, reading, chat.title)
    return chat


def _texts(path: Path, name: str) -> Iterator[tuple[Line, str | None]]:
    with open_member(path, name) as content:
        for line in physical_lines(content):
            try:
                text = None if line.fault else line.content.decode().rstrip("\r\n")
            except UnicodeDecodeError:
                text = None
            yield line, text


def _messages(path: Path, name: str, head_end: str) -> Iterator[_Message]:
    """Give each message with all its lines; lines before the first one are messages of no head."""
    message: _Message | None = None
    for number, (line, text) in enumerate(_texts(path, name), start=1):
        fault = line.fault or ("not_utf8" if text is None else None)
        shown = text if text is not None else line.content.decode("utf-8", "backslashreplace")
        head = read_head(text) if text is not None else None
        if head and head.end != head_end:
            head = None
        if message and (head or fault == "broken_file" or not message.head):
            yield message
            message = None
        if message is None:
            if not head and not fault and not shown.strip():
                continue
            fault = fault or (None if head else "no_date")
            message = _Message(number, head, [shown], len(line.content), fault)
            continue
        message.size += len(line.content)
        if message.size > LONGEST_LINE_BYTES:
            message.fault = message.fault or "message_too_long"
        else:
            message.lines.append(shown)
            message.fault = message.fault or fault
    if message:
        yield message


def _record(
    number: int, message: _Message, chat: _Chat, ids: MessageIds, reading: Reading, at_once: int
) -> Record:
    head, raw_text = message.head, "\n".join(message.lines)
    time = read_time(head, chat.order) if head else None
    fault = message.fault or (None if time else "bad_timestamp:sent_at")
    if fault or head is None or time is None:
        return reject(number, fault or "no_date", raw_text, message.line)
    kind, body = kind_and_body(head, "\n".join([head.text, *message.lines[1:]]))
    role = "system" if kind == "service" else _role(head.sender, chat, reading)
    conversation = _user_id(chat.customer) or chat.title or Path(reading.source_file).stem
    seconds = int(time.replace(tzinfo=UTC).timestamp())
    values: dict[str, object] = {
        "message_id": ids.make(conversation, time, head.sender, body),
        "channel": "whatsapp",
        "chat_id": conversation,
        "user_id": conversation,
        "sent_at": time.isoformat(),
        "sequence": seconds * _MOST_AT_ONCE + at_once,
        "sender": role,
        "kind": kind,
        "body": body,
    }
    if role == "operator":
        values["operator_id"] = head.sender
    elif role == "customer" and head.sender and _PHONE.fullmatch(head.sender):
        values["phone"] = head.sender
    return row(MESSAGES, number, values, raw_text, message.line, head.sender)


def _role(sender: str | None, chat: _Chat, reading: Reading) -> str:
    declared = reading.declared_role(sender)
    if declared:
        return declared
    return "customer" if chat.customer in {None, sender} else "operator"


def _user_id(customer: str | None) -> str | None:
    """The digits of a phone, as the Cloud API has them, or the name."""
    if customer and _PHONE.fullmatch(customer):
        return re.sub(r"\D", "", customer)
    return customer
