"""Telegram Desktop's result.json, of one chat or of the whole account, as messages.

`id` counts through an account, not through a bot, so that ids of messages begin with `account-`;
those of the oldest exports have none and are made of the content. Times are `date_unixtime`, or
`date` in the business's time zone. The text of an edited message is its last, its time the first.

A conversation is a chat: with a person or a bot it bears the customer's id, a group is one
conversation of its own id. Who is who, unless business.yml says it: the account's owner (named in
an export of the whole account) is an operator; in `personal_chat` the other side is the customer
and everybody else an operator; in `bot_chat` the other side is the bot and everybody else a
customer; in groups who speaks as the group is an operator and everybody else a customer. Where the
other side is not to be told, it is who spoke first.

Service messages (calls, pins, joins) and posts of channels are kept as `service`, which counts in
no KPI. Deliberately nothing: the chats `saved_messages` and `verification_codes`, which are the
owner's private matter, messages that Telegram itself could not export (`unsupported`), of which
there is neither time nor sender, and everything beside chats (contacts give their phones, no more).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from orchestration.sources.chats import MessageIds, Speakers, find_customer, note_speaker
from orchestration.sources.contract import Reading, Record, reject, row
from orchestration.sources.json_document import ANY, JsonPath, JsonValue, json_values
from orchestration.sources.lines import open_content
from orchestration.streams import MESSAGES

_LISTS = ((), ("chats", "list", ANY), ("left_chats", "list", ANY))
_HEADER = ("name", "type", "id")
_MESSAGES = frozenset((*chat, "messages", ANY) for chat in _LISTS)
_OWNER = ("personal_information",)
_CONTACT = ("contacts", "list", ANY)
_WANTED = _MESSAGES | {(*chat, key) for chat in _LISTS for key in _HEADER} | {_OWNER, _CONTACT}

_DIALOGUES = {"personal_chat", "bot_chat", None}
_PRIVATE = {"saved_messages", "verification_codes"}
_POSTS = {"private_channel", "public_channel", "replies"}
_GROUPS = {"private_group", "private_supergroup", "public_supergroup", "public_group"}
_TYPES = {"personal_chat", "bot_chat"} | _PRIVATE | _POSTS | _GROUPS


@dataclass
class _Chat:
    """What the first reading of the file finds of one chat."""

    header: dict[str, Any] = field(default_factory=dict)
    speakers: Speakers = field(default_factory=dict)
    ids: MessageIds = field(default_factory=MessageIds)
    # The one customer of a dialogue, if there is one, and the one other side of `bot_chat`.
    customer: str | None = None
    bot: str | None = None
    chat_id: str = ""
    user_id: str = ""

    def type(self) -> str | None:
        given = self.header.get("type")
        return given if isinstance(given, str) else None


@dataclass
class _Account:
    """What the first reading finds: the chats by their place, the owner's key, phones by key."""

    chats: dict[JsonPath, _Chat] = field(default_factory=dict)
    owner: str = ""
    phones: dict[str, str] = field(default_factory=dict)
    has_messages: bool = False


def read_export(path: Path, reading: Reading) -> Iterator[Record]:
    """Give a record for every message of result.json."""
    with open_content(path) as content:
        account = _look_through(content, reading)
    number = 0
    with open_content(path) as content:
        for found in json_values(content, _WANTED):
            if found.fault is None and found.shape() not in _MESSAGES:
                continue
            chat = account.chats.get(found.path[:-2], _Chat())
            if chat.type() in _PRIVATE or _kind(found.value) == "unsupported":
                continue
            number += 1
            yield _record(number, found, chat, account, reading)
    is_export = account.has_messages or any(c.type() in _TYPES for c in account.chats.values())
    if not number and not is_export:
        yield reject(1, "unknown_format", None)


def _look_through(content: IO[bytes], reading: Reading) -> _Account:
    account = _Account()
    for found in json_values(content, _WANTED):
        shape = found.shape()
        if shape in _MESSAGES:
            account.has_messages = True
            if isinstance(found.value, dict):
                chat = account.chats.setdefault(found.path[:-2], _Chat())
                key, name = _speaker(found.value)
                note_speaker(chat.speakers, key, f"user{key}", name)
        elif shape == _OWNER and isinstance(found.value, dict):
            account.owner = _bare_id(found.value.get("user_id"))
        elif shape == _CONTACT and isinstance(found.value, dict):
            phone = found.value.get("phone_number")
            if isinstance(phone, str) and phone:
                account.phones[_bare_id(found.value.get("user_id"))] = phone
        elif shape and shape[-1] in _HEADER:
            chat = account.chats.setdefault(found.path[:-1], _Chat())
            chat.header[str(shape[-1])] = found.value
    for chat in account.chats.values():
        _settle(chat, account, reading)
    return account


def _settle(chat: _Chat, account: _Account, reading: Reading) -> None:
    given_id, name = _bare_id(chat.header.get("id")), chat.header.get("name")
    by_name = [key for key, names in chat.speakers.items() if name and name in names]
    other = given_id if given_id in chat.speakers else next(iter(by_name), None)
    speakers = {key: names for key, names in chat.speakers.items() if key != account.owner}
    if chat.type() == "bot_chat":
        chat.customer = next((key for key in chat.speakers if key != other), None)
        chat.bot = other or next((key for key in chat.speakers if key != chat.customer), None)
    else:
        if other is None and account.owner in chat.speakers:
            other = next(iter(speakers), None)
        expected = other or (given_id if chat.type() == "personal_chat" else None)
        chat.customer = find_customer(speakers, reading, expected)
    customers = chat.customer or (given_id if chat.type() == "personal_chat" else "")
    chat.chat_id = given_id or (name if isinstance(name, str) else "") or customers
    chat.chat_id = chat.chat_id or next(iter(speakers), "")
    chat.user_id = customers if chat.type() in _DIALOGUES and customers else chat.chat_id


def _record(
    number: int, found: JsonValue, chat: _Chat, account: _Account, reading: Reading
) -> Record:
    message, raw_text = found.value, found.raw_text()
    if found.fault:
        return reject(number, found.fault, None)
    kind = _kind(message)
    if kind not in {"message", "service"}:
        return reject(number, "unknown_type", raw_text)
    key, name = _speaker(message)
    text = _text(message.get("text"))
    is_service = kind == "service" or chat.type() in _POSTS
    role = "system" if is_service else _role(key, name, chat, account, reading)
    sent_at = message.get("date_unixtime") or message.get("date")
    given_id = message.get("id")
    if kind == "service":
        text = text or message.get("action") or message.get("information_text")
    values = {
        "message_id": f"account-{given_id}"
        if given_id is not None
        else chat.ids.make(chat.chat_id, sent_at, key, text),
        "channel": "telegram",
        "chat_id": chat.chat_id,
        "user_id": chat.user_id,
        "sent_at": sent_at,
        "sender": role,
        "kind": "service" if is_service else "text" if text else "media",
        "body": text,
    }
    if role == "operator":
        values["operator_id"] = key
    elif role == "customer":
        values |= _contacts(message, key, account)
    return row(MESSAGES, number, values, raw_text, speaker=name)


def _role(key: str, name: str | None, chat: _Chat, account: _Account, reading: Reading) -> str:
    declared = reading.declared_role(key, f"user{key}", name)
    if declared:
        return declared
    if chat.type() == "bot_chat":
        return "bot" if key == chat.bot else "customer"
    if key and key == account.owner:
        return "operator"
    if chat.type() in _DIALOGUES:
        return "customer" if chat.customer in {None, key} else "operator"
    return "operator" if key.startswith(("channel", "chat")) else "customer"


def _contacts(message: dict[str, Any], key: str, account: _Account) -> dict[str, str]:
    """Phone and e-mail that a customer gave in the chat, or the phone that the owner noted."""
    given = {"phone": account.phones.get(key, "")}
    contact = message.get("contact_information")
    if isinstance(contact, dict) and contact.get("phone_number"):
        given["phone"] = str(contact["phone_number"])
    if not message.get("forwarded_from"):
        for name in ("phone", "email"):
            for part in _parts(message.get("text")):
                if isinstance(part, dict) and part.get("type") == name:
                    given[name] = _text(part)
    return given


def _kind(message: object) -> object:
    return message.get("type") if isinstance(message, dict) else None


def _speaker(message: dict[str, Any]) -> tuple[str, str | None]:
    """Key and name of who wrote: the id without `user`, or else the name."""
    name = message.get("from") or message.get("actor")
    name = name if isinstance(name, str) else None
    return _bare_id(message.get("from_id") or message.get("actor_id")) or name or "", name


def _bare_id(given: object) -> str:
    return "" if given is None else str(given).removeprefix("user")


def _text(given: object) -> str:
    """The words of a text, which is one string or a list of strings and marked-up parts."""
    text, is_marked = "", False
    for part in _parts(given):
        words = str(part.get("text", "")) if isinstance(part, dict) else str(part)
        # Between two marked-up parts some writers leave out the blank before a link.
        if is_marked and isinstance(part, dict) and part.get("type") == "link" and text.strip():
            text += "" if text[-1].isspace() else " "
        text, is_marked = text + words, isinstance(part, dict)
    return text


def _parts(given: object) -> list[object]:
    if given is None:
        return []
    return given if isinstance(given, list) else [given]
