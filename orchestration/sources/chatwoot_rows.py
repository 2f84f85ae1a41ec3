"""What one message, change of status or rating of Chatwoot says, as rows of the streams."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.sources.chatwoot_places import Place, identity, is_incoming, part
from orchestration.sources.contract import Reading
from orchestration.streams import MESSAGES, RATINGS, Stream

Rows = Iterator[tuple[Stream, dict[str, Any]] | str]

_OUTGOING, _ACTIVITY, _TEMPLATE = (1, "1", "outgoing"), (2, "2", "activity"), (3, "3", "template")
_SENDERS = {"agentbot": "bot", "captainassistant": "bot", "contact": "customer"}
_SCALE_MAX = 5


def happening(event: str, at: Any, place: Place) -> dict[str, Any]:
    """Row of session_events: `event` happened to the conversation `at` a time as given."""
    content = f"{place.session_id} {event} {at}"
    return {
        "event_id": hashlib.sha256(content.encode()).hexdigest()[:32],
        "session_id": place.session_id,
        "channel": place.channel,
        "user_id": place.user_id,
        "event": event,
        "event_at": at,
    }


def rating(record: Mapping[str, Any], score: Any, place: Place) -> dict[str, Any]:
    """Row of ratings: `record` is a rating, or the message of a survey that was answered."""
    message = identity(record, "id" if "message_type" in record else "message_id")
    own = identity(record, "id")
    return {
        # The same rating stands in the survey's message and in the list of ratings.
        "rating_id": f"message-{message}" if message else f"rating-{own}" if own else None,
        "session_id": place.session_id,
        "user_id": place.user_id,
        "survey": "chat",
        "metric": "csat",
        "score": score,
        "scale_max": _SCALE_MAX,
        "rated_at": (record.get("updated_at") if "message_type" in record else None)
        or record.get("created_at"),
    }


def message_rows(record: Mapping[str, Any], place: Place, reading: Reading) -> Rows:
    """Rows of a message: itself, and the rating where it is a survey that was answered.

    A text is the fault, a stable word, of a message of no known type. Notes and activities give
    nothing.
    """
    kind = record.get("message_type")
    if record.get("private") is True or kind in _ACTIVITY:
        return
    sender = _sender(record, reading)
    if sender is None:
        yield "unknown_type"
        return
    attributes = part(record, "content_attributes")
    content = None if attributes.get("deleted") is True else record.get("content")
    values = {
        "message_id": identity(record, "id"),
        "channel": place.channel,
        "chat_id": place.session_id,
        "session_id": place.session_id,
        "user_id": place.user_id,
        "sent_at": record.get("created_at"),
        "sender": sender,
        "kind": "media" if record.get("attachments") and not content else "text",
        "body": content,
    }
    if sender == "customer":
        values |= {
            "phone": place.contact.get("phone_number"),
            "email": place.contact.get("email"),
            **place.utm,
        }
    elif sender == "operator":
        values["operator_id"] = identity(part(record, "sender"), "id") or identity(
            record, "sender_id"
        )
    else:
        values["is_ack"] = kind in _TEMPLATE or None
        campaign = part(record, "additional_attributes").get("campaign_id")
        values["is_broadcast"] = campaign is not None or None
    yield MESSAGES, values
    score = part(attributes, "submitted_values", "csat_survey_response").get("rating")
    if score is not None:
        yield RATINGS, rating(record, score, place)


def _sender(record: Mapping[str, Any], reading: Reading) -> str | None:
    kind = record.get("message_type")
    if is_incoming(record):
        return "customer"
    if kind in _TEMPLATE:
        return "bot"
    if kind not in _OUTGOING:
        return None
    sender = part(record, "sender")
    names = [identity(sender, name) for name in ("name", "available_name", "email", "id")]
    declared = reading.declared_role(*names)
    if declared:
        return declared
    given = str(record.get("sender_type") or sender.get("type") or "")
    if not given and not sender:
        is_echo = part(record, "content_attributes").get("external_echo") is True
        return "operator" if is_echo else "bot"
    return _SENDERS.get(given.lower().replace("_", "").replace("::", ""), "operator")
