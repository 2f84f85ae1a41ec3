"""Where a Chatwoot record belongs: its conversation, the customer, the channel, what led there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from orchestration.sources.contract import Reading

_CHANNELS = {
    "webwidget": "web",
    "facebookpage": "facebook",
    "twitterprofile": "twitter",
    "twiliosms": "sms",
    "voice": "phone",
}
_UTM = ("utm_source", "utm_medium", "utm_campaign")


@dataclass(frozen=True)
class Place:
    """One conversation as far as a record and the page around it tell."""

    session_id: str | None
    channel: str
    user_id: str | None
    contact: Mapping[str, Any]
    utm: Mapping[str, str]


@dataclass
class Places:
    """Finds the place of each record of one file; `channels` are those of inboxes seen so far."""

    reading: Reading
    channels: dict[str, str] = field(default_factory=dict)

    def find(self, record: Mapping[str, Any], page: Mapping[str, Any]) -> Place:
        """Give the place of a message, a conversation or a rating within `page` ({} = no page)."""
        holders = [record, part(record, "conversation"), part(page, "meta"), page]
        conversation = self._conversation(record)
        contact = self._contact(record, page)
        contact_id = (
            identity(contact, "id")
            or identity(part(record, "contact_inbox"), "contact_id")
            or identity(part(record, "conversation", "contact_inbox"), "contact_id")
            or identity(record, "contact_id")
            or identity(part(page, "meta"), "contact_id")
        )
        accounts = [identity(part(holder, "account"), "id") for holder in holders]
        accounts += [identity(holder, "account_id") for holder in holders]
        account = next(filter(None, accounts), None)
        session_id = self._session_id(account, conversation)
        user = contact_id or (f"conversation-{conversation}" if conversation else None)
        return Place(
            session_id,
            self._channel(record, page),
            f"chatwoot-{user}" if user else None,
            contact,
            _utm(holders) if is_incoming(record) else {},
        )

    def _session_id(self, account: str | None, conversation: str | None) -> str | None:
        # Most pages do not name their account, so the only one goes without saying.
        main = self.reading.fields.get("account")
        if conversation is None:
            return None
        if account is None or main is None or account == main:
            return f"chatwoot-{conversation}"
        return f"chatwoot-{account}-{conversation}"

    def _conversation(self, record: Mapping[str, Any]) -> str | None:
        if "message_type" not in record and "rating" not in record:
            return identity(record, "display_id") or identity(record, "id")
        inner = part(record, "conversation")
        return (
            identity(inner, "display_id")
            or identity(inner, "id")
            or identity(record, "conversation_id")
        )

    def _contact(self, record: Mapping[str, Any], page: Mapping[str, Any]) -> Mapping[str, Any]:
        sender = part(record, "sender")
        if is_incoming(record) and sender:
            return {**part(record, "conversation", "meta", "sender"), **_filled(sender)}
        for contact in (
            part(record, "conversation", "meta", "sender"),
            part(record, "meta", "sender"),
            part(record, "contact"),
            part(page, "meta", "contact", "payload"),
            part(page, "meta", "contact"),
            part(page, "meta", "sender"),
        ):
            if "id" in contact:
                return contact
        return {}

    def _channel(self, record: Mapping[str, Any], page: Mapping[str, Any]) -> str:
        inbox = identity(record, "inbox_id") or identity(part(record, "inbox"), "id")
        for given in (
            record.get("channel"),
            part(record, "meta").get("channel"),
            part(record, "conversation").get("channel"),
            part(record, "conversation", "meta").get("channel"),
            part(record, "inbox").get("channel_type"),
            part(page, "meta").get("channel"),
            page.get("channel"),
        ):
            if isinstance(given, str) and given:
                channel = self.channel_of(given)
                if inbox:
                    self.channels[inbox] = channel
                return channel
        known = self.channels.get(inbox or "")
        return known or self.reading.fields.get("channel") or "chatwoot"

    def channel_of(self, given: str) -> str:
        """Channel by the name of Chatwoot's class, `Channel::WebWidget` for one."""
        name = given.removeprefix("Channel::").lower()
        return _CHANNELS.get(name, name)


def part(record: Any, *path: str) -> Mapping[str, Any]:
    """The object at `path` of a record; {} where there is none."""
    for key in path:
        record = record.get(key) if isinstance(record, dict) else None
    return record if isinstance(record, dict) else {}


def identity(record: Mapping[str, Any], name: str) -> str | None:
    """A field that is a text or a number, as a text; None where it is empty."""
    given = record.get(name)
    if isinstance(given, bool) or not isinstance(given, str | int):
        return None
    return str(given) or None


def is_incoming(message: Mapping[str, Any]) -> bool:
    """Whether the customer sent this message."""
    return message.get("message_type") in (0, "0", "incoming")


def _filled(contact: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in contact.items() if value not in (None, "")}


def _utm(holders: list[Mapping[str, Any]]) -> dict[str, str]:
    for holder in holders:
        custom = part(holder, "custom_attributes")
        given = {name: str(custom[name]) for name in _UTM if custom.get(name)}
        referer = part(holder, "additional_attributes").get("referer")
        if not given and isinstance(referer, str):
            given = _utm_of_url(referer)
        if given:
            return given
    return {}


def _utm_of_url(url: str) -> dict[str, str]:
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return {}
    return {name: query[name][0] for name in _UTM if name in query}
