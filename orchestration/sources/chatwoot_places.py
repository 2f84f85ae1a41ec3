"""Where a Chatwoot record belongs: its conversation, the customer, the channel, what led there."""

from collections.abc import Mapping, Sequence
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
        inner, meta = part(record, "conversation"), part(page, "meta")
        holders = [record, inner, meta, page]
        conversation = self._conversation(record, inner)
        contact = self._contact(record, inner, meta)
        contact_id = (
            identity(contact, "id")
            or (identity(record, "sender_id") if is_incoming(record) else None)
            or identity(part(record, "contact_inbox"), "contact_id")
            or identity(part(inner, "contact_inbox"), "contact_id")
            or identity(record, "contact_id")
            or identity(meta, "contact_id")
        )
        user = contact_id or (f"conversation-{conversation}" if conversation else None)
        return Place(
            self._session_id(conversation, holders),
            self._channel(record, inner, [meta, page]),
            f"chatwoot-{user}" if user else None,
            contact,
            _utm(holders) if is_incoming(record) else {},
        )

    def _session_id(
        self, conversation: str | None, holders: Sequence[Mapping[str, Any]]
    ) -> str | None:
        # Most pages do not name their account, so the only one goes without saying.
        main = self.reading.fields.get("account")
        if conversation is None:
            return None
        if main is not None:
            accounts = [identity(part(holder, "account"), "id") for holder in holders]
            accounts += [identity(holder, "account_id") for holder in holders]
            account = next(filter(None, accounts), main)
            if account != main:
                return f"chatwoot-{account}-{conversation}"
        return f"chatwoot-{conversation}"

    def _conversation(self, record: Mapping[str, Any], inner: Mapping[str, Any]) -> str | None:
        if "message_type" not in record and "rating" not in record:
            return identity(record, "display_id") or identity(record, "id")
        return (
            identity(inner, "display_id")
            or identity(inner, "id")
            or identity(record, "conversation_id")
        )

    def _contact(
        self, record: Mapping[str, Any], inner: Mapping[str, Any], meta: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        sender = part(record, "sender")
        if is_incoming(record) and sender:
            return {**part(inner, "meta", "sender"), **_filled(sender)}
        for contact in (
            part(inner, "meta", "sender"),
            part(record, "meta", "sender"),
            part(record, "contact"),
            part(meta, "contact", "payload"),
            part(meta, "contact"),
            part(meta, "sender"),
        ):
            if "id" in contact:
                return contact
        return {}

    def _channel(
        self,
        record: Mapping[str, Any],
        inner: Mapping[str, Any],
        around: Sequence[Mapping[str, Any]],
    ) -> str:
        inbox = part(record, "inbox")
        inbox_id = identity(record, "inbox_id") or identity(inbox, "id")
        for holder in (record, part(record, "meta"), inner, part(inner, "meta"), inbox, *around):
            given = holder.get("channel") or holder.get("channel_type")
            if isinstance(given, str):
                channel = self.channel_of(given)
                if inbox_id:
                    self.channels[inbox_id] = channel
                return channel
        known = self.channels.get(inbox_id or "")
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


def _utm(holders: Sequence[Mapping[str, Any]]) -> dict[str, str]:
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
