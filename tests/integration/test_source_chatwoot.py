"""Chatwoot's answers and webhooks: who speaks, in which conversation, what was rated."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources import chatwoot
from tests.fixtures.landing_zone import as_jsonl
from tests.fixtures.source_reading import Told, read_source

NOW = 1_790_939_111
CONTACT = {
    "id": 5,
    "name": "Анна",
    "phone_number": "+79161234567",
    "email": "anna@example.com",
    "type": "contact",
}
USER = {"id": 7, "name": "Ольга", "available_name": "Оля", "email": "o@example.com", "type": "user"}
BOT = {"id": 2, "name": "Лайм", "type": "agent_bot"}


def message(number: int, **changes: Any) -> dict[str, Any]:
    """A message as the API gives it: numbers for types, epoch seconds."""
    return {
        "id": number,
        "content": "Добрый день",
        "inbox_id": 3,
        "conversation_id": 12,
        "message_type": 0,
        "content_type": "text",
        "content_attributes": {},
        "created_at": NOW + number,
        "private": False,
        "source_id": None,
        "sender": CONTACT,
        **changes,
    }


def conversation(**changes: Any) -> dict[str, Any]:
    """A conversation as the API gives it."""
    return {
        "meta": {"sender": CONTACT, "channel": "Channel::Telegram", "assignee": USER},
        "id": 12,
        "account_id": 1,
        "inbox_id": 3,
        "status": "open",
        "messages": [],
        "additional_attributes": {},
        "custom_attributes": {},
        "created_at": NOW,
        "last_activity_at": NOW + 60,
        **changes,
    }


def webhook(event: str, **fields: Any) -> dict[str, Any]:
    """The body of a webhook about a message: words for types, ISO times."""
    return {
        "event": event,
        "id": 118,
        "content": "hi",
        "created_at": "2026-10-02T11:05:11.000Z",
        "message_type": "incoming",
        "private": False,
        "content_attributes": {},
        "sender": {key: value for key, value in CONTACT.items() if key != "type"},
        "inbox": {"id": 3, "name": "Сайт"},
        "conversation": {
            "id": 12,
            "channel": "Channel::WebWidget",
            "contact_inbox": {"contact_id": 5},
            "meta": {"sender": CONTACT},
            "additional_attributes": {
                "referer": "https://lime.example/?utm_source=yandex&utm_medium=cpc&a=1"
            },
        },
        "account": {"id": 1, "name": "Лайм"},
        **fields,
    }


def status_webhook(before: str | None, after: str, **fields: Any) -> dict[str, Any]:
    """The body of a webhook about a conversation whose status changed."""
    changed = [{"status": {"previous_value": before, "current_value": after}}] if before else None
    return {
        "event": "conversation_status_changed",
        "id": 12,
        "status": after,
        "channel": "Channel::Whatsapp",
        "meta": {"sender": CONTACT},
        "messages": [message(1)],
        "changed_attributes": changed,
        "updated_at": NOW + 0.5,
        "timestamp": NOW,
        **fields,
    }


def read(*records: dict[str, Any], **settings: Any) -> Told:
    told = read_source(chatwoot.SYSTEM, as_jsonl(records), **settings)
    assert told.faults() == []
    return told


@pytest.mark.parametrize(
    ("changes", "sender", "is_ack"),
    [
        ({}, "customer", None),
        ({"message_type": 1, "sender": USER}, "operator", None),
        ({"message_type": 1, "sender": BOT}, "bot", None),
        ({"message_type": 1, "sender": {"id": 1, "type": "captain_assistant"}}, "bot", None),
        ({"message_type": 1, "sender": None, "sender_type": "Captain::Assistant"}, "bot", None),
        ({"message_type": 1, "sender": None, "sender_type": "User"}, "operator", None),
        ({"message_type": 1, "sender": None}, "bot", None),
        (
            {"message_type": 1, "sender": None, "content_attributes": {"external_echo": True}},
            "operator",
            None,
        ),
        ({"message_type": 3, "sender": None}, "bot", True),
        ({"message_type": "outgoing", "sender": USER}, "operator", None),
        ({"message_type": "template", "sender": None}, "bot", True),
    ],
)
def test_who_speaks_is_told_by_the_sender_and_the_type(
    changes: dict[str, Any], sender: str, is_ack: bool | None
) -> None:
    assert read(message(1, **changes)).columns("messages", "sender", "is_ack") == [(sender, is_ack)]


@pytest.mark.parametrize("declared", ["Ольга", "оля", "O@example.com", "7"])
def test_a_user_who_is_declared_a_bot_is_one(declared: str) -> None:
    said = message(1, message_type=1, sender=USER)
    assert read(said, bots=[declared]).columns("messages", "sender") == [("bot",)]


def test_notes_and_activities_are_nothing() -> None:
    said = [message(1, private=True, message_type=1, sender=USER), message(2, message_type=2)]
    assert read(*said, webhook("message_created", message_type="activity")).records == ()


def test_a_message_is_told_whole() -> None:
    assert read(message(1)).rows("messages") == [
        {
            "stream": "messages",
            "message_id": "1",
            "channel": "chatwoot",
            "chat_id": "chatwoot-12",
            "session_id": "chatwoot-12",
            "user_id": "chatwoot-5",
            "sent_at": NOW + 1,
            "sender": "customer",
            "kind": "text",
            "body": "Добрый день",
            "phone": "+79161234567",
            "email": "anna@example.com",
        }
    ]


def test_a_webhook_tells_also_the_channel_and_what_led_there() -> None:
    told = read(webhook("message_created"), webhook("message_updated", content="hi!"))
    columns = ("message_id", "session_id", "user_id", "channel", "sent_at", "utm_source", "body")
    known = ("118", "chatwoot-12", "chatwoot-5", "web", "2026-10-02T11:05:11.000Z", "yandex")
    assert told.columns("messages", *columns) == [(*known, "hi"), (*known, "hi!")]
    assert told.columns("messages", "phone", "utm_medium") == [("+79161234567", "cpc")] * 2


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"meta": {"contact": CONTACT}, "payload": [message(1), message(2)]}),
        json.dumps({"meta": {"contact": CONTACT}, "payload": [message(1), message(2)]}, indent=1),
        json.dumps({"meta": {"contact_id": 5}, "payload": [message(1), message(2)]}),
        json.dumps({"data": {"meta": {}, "payload": [message(1), message(2)]}}),
        json.dumps({"data": [message(1), message(2)]}),
        json.dumps([message(1), message(2)]),
    ],
)
def test_pages_of_every_kind_are_read(content: str) -> None:
    told = read_source(chatwoot.SYSTEM, content.encode(), "messages.json")
    assert told.columns("messages", "message_id", "user_id") == [
        ("1", "chatwoot-5"),
        ("2", "chatwoot-5"),
    ]
    assert told.faults() == []


@pytest.mark.parametrize("wrapper", ["payload", "data", "body"])
def test_a_single_record_is_read_out_of_its_wrapper(wrapper: str) -> None:
    wrapped = {"headers": {"host": "x"}, wrapper: webhook("message_created")}
    assert read(wrapped).columns("messages", "message_id") == [("118",)]


def test_a_sender_may_be_told_by_id_alone() -> None:
    told = read(
        message(1, sender=None, sender_type="Contact", sender_id=5),
        message(2, message_type=1, sender=None, sender_type="User", sender_id=7),
    )
    assert told.columns("messages", "sender", "user_id", "operator_id") == [
        ("customer", "chatwoot-5", None),
        ("operator", "chatwoot-conversation-12", "7"),
    ]


def test_the_bots_messages_on_a_page_are_the_contacts_conversation() -> None:
    page = {"meta": {"contact": CONTACT}, "payload": [message(1, message_type=1, sender=BOT)]}
    assert read(page).columns("messages", "user_id", "phone") == [("chatwoot-5", None)]
    alone = message(1, message_type=1, sender=BOT)
    assert read(alone).columns("messages", "user_id") == [("chatwoot-conversation-12",)]


def test_a_conversation_gives_its_messages_and_the_channel_of_its_inbox() -> None:
    told = read(
        conversation(messages=[message(1), message(2, message_type=2)]),
        message(3),
        message(4, inbox_id=4),
    )
    assert told.columns("messages", "message_id", "channel", "session_id") == [
        ("1", "telegram", "chatwoot-12"),
        ("3", "telegram", "chatwoot-12"),
        ("4", "chatwoot", "chatwoot-12"),
    ]


@pytest.mark.parametrize(
    ("given", "channel"),
    [
        ("Channel::WebWidget", "web"),
        ("Channel::Whatsapp", "whatsapp"),
        ("Channel::Telegram", "telegram"),
        ("Channel::Instagram", "instagram"),
        ("Channel::FacebookPage", "facebook"),
        ("Channel::Email", "email"),
        ("Channel::Api", "api"),
        (None, "vk"),
    ],
)
def test_the_channel_is_the_inboxs(given: str | None, channel: str) -> None:
    said = webhook("message_created", conversation={"id": 12, "channel": given})
    assert read(said, fields={"channel": "vk"}).columns("messages", "channel") == [(channel,)]


def test_an_inbox_listed_before_tells_the_channel() -> None:
    inbox = {"payload": [{"id": 3, "name": "WA", "channel_type": "Channel::Whatsapp"}]}
    assert read(inbox, message(1)).columns("messages", "channel") == [("whatsapp",)]


@pytest.mark.parametrize(
    ("declared", "account", "session_id"),
    [
        (None, None, "chatwoot-12"),
        (None, 2, "chatwoot-12"),
        ("2", None, "chatwoot-12"),
        ("2", 2, "chatwoot-12"),
        ("2", 9, "chatwoot-9-12"),
    ],
)
def test_only_another_account_than_the_declared_one_is_part_of_the_session(
    declared: str | None, account: int | None, session_id: str
) -> None:
    fields = {"account": declared} if declared else {}
    said = message(1, **({"account_id": account} if account else {}))
    rated = {"id": 1, "rating": 5, "conversation_id": 12, "created_at": NOW}
    if account:
        rated["account_id"] = account
    told = read(said, rated, fields=fields)
    assert told.columns("messages", "session_id") == [(session_id,)]
    assert told.columns("ratings", "session_id") == [(session_id,)]


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        ("pending", "open", "handoff_started"),
        ("open", "pending", "handoff_ended"),
        ("open", "resolved", "closed"),
        ("pending", "resolved", "closed"),
        (None, "resolved", "closed"),
        ("resolved", "open", "reopened"),
        ("resolved", "pending", "reopened"),
        ("open", "snoozed", None),
        ("snoozed", "open", None),
        (None, "open", None),
    ],
)
def test_a_change_of_status_is_an_event(before: str | None, after: str, event: str | None) -> None:
    told = read(status_webhook(before, after))
    columns = ("event", "event_at", "session_id", "channel", "user_id")
    known = (NOW + 0.5, "chatwoot-12", "whatsapp", "chatwoot-5")
    assert told.columns("session_events", *columns) == ([(event, *known)] if event else [])
    # What a webhook repeats of the conversation's messages has come by itself.
    assert told.rows("messages") == []


def test_one_change_told_by_two_webhooks_is_one_event() -> None:
    told = read(
        status_webhook("pending", "open"),
        status_webhook("pending", "open", event="conversation_updated"),
    )
    ids = told.columns("session_events", "event_id")
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_change_of_something_else_is_no_event() -> None:
    changed = {"assignee_id": {"previous_value": None, "current_value": 7}}
    ignored = [
        status_webhook(
            None, "resolved", event="conversation_updated", changed_attributes=[changed]
        ),
        status_webhook(None, "open", event="conversation_created"),
        {"event": "webwidget_triggered", "id": 12},
        {"event": "contact_updated", "id": 5},
        {"event": "conversation_typing_on"},
    ]
    assert read(*ignored).records == ()


def test_a_conversation_that_is_resolved_closed_with_its_last_activity() -> None:
    told = read(conversation(status="resolved"), conversation())
    assert told.columns("session_events", "event", "event_at", "session_id") == [
        ("closed", NOW + 60, "chatwoot-12")
    ]


def test_a_rating_is_the_same_in_the_list_and_in_the_surveys_message() -> None:
    answered = {"submitted_values": {"csat_survey_response": {"rating": 4, "feedback_message": ""}}}
    told = read(
        message(
            9, message_type=3, content_type="input_csat", sender=None, content_attributes=answered
        ),
        {
            "id": 1,
            "rating": 4,
            "account_id": 1,
            "message_id": 9,
            "conversation_id": 12,
            "contact": CONTACT,
            "created_at": NOW + 99,
        },
        {"id": 2, "rating": 1, "conversation": {"id": 900, "display_id": 13}, "created_at": NOW},
    )
    columns = ("rating_id", "session_id", "survey", "metric", "score", "scale_max", "rated_at")
    assert told.columns("ratings", *columns) == [
        ("message-9", "chatwoot-12", "chat", "csat", 4, 5, NOW + 9),
        ("message-9", "chatwoot-12", "chat", "csat", 4, 5, NOW + 99),
        ("rating-2", "chatwoot-13", "chat", "csat", 1, 5, NOW),
    ]
    assert told.columns("messages", "is_ack") == [(True,)]


def test_a_deleted_message_keeps_what_was_said_before() -> None:
    deleted = message(1, content="This message was deleted", content_attributes={"deleted": True})
    assert read(deleted).columns("messages", "body", "kind") == [(None, "text")]


def test_a_photo_is_media_and_a_campaign_a_broadcast() -> None:
    photo = message(1, content=None, attachments=[{"file_type": "image"}])
    campaign = message(2, message_type=1, sender=None, additional_attributes={"campaign_id": 1})
    assert read(photo, campaign).columns("messages", "kind", "is_broadcast") == [
        ("media", None),
        ("text", True),
    ]


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (message(1, message_type=8), "unknown_type"),
        (message(1, id=None), "missing_field:message_id"),
        (message(1, created_at=None), "missing_field:sent_at"),
        (message(1, conversation_id=None, sender={}), "missing_field:user_id"),
        ({"event": "new_thing"}, "unknown_event"),
        ({"id": 1, "name": "ВИП"}, "unknown_type"),
        (conversation(messages=["?"]), "unknown_type"),
        ({"rating": 5, "conversation_id": 12, "created_at": NOW}, "missing_field:rating_id"),
        ({"id": 1, "rating": None, "conversation_id": 12, "created_at": 1}, "missing_field:score"),
        (
            status_webhook("pending", "open", updated_at=None, timestamp=None),
            "missing_field:event_at",
        ),
    ],
)
def test_what_is_not_understood_is_told_and_the_rest_is_read(
    record: dict[str, Any], fault: str
) -> None:
    told = read_source(chatwoot.SYSTEM, as_jsonl([record, message(2)]))
    assert told.faults() == [fault]
    assert (told.records[0].line, told.records[0].raw_text is None) == (1, False)
    assert told.columns("messages", "message_id") == [("2",)]


messages_of_the_api = st.builds(
    lambda number, kind, private, sender: message(
        number, message_type=kind, private=private, sender=sender
    ),
    st.integers(1, 99),
    st.sampled_from([0, 1, 2, 3, "incoming", "outgoing", "activity"]),
    st.booleans(),
    st.sampled_from([CONTACT, USER, BOT, None]),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(messages_of_the_api, max_size=8), st.integers(0, 3), st.sampled_from([None, 1]))
def test_every_message_that_somebody_was_shown_is_a_row(
    said: list[dict[str, Any]], pages: int, indent: int | None
) -> None:
    shown = [
        str(told["id"])
        for told in said
        if not told["private"] and told["message_type"] not in (2, "activity")
    ]
    parts = [said[number::pages] for number in range(pages)] if pages else [said]
    content = "".join(json.dumps({"payload": part}, indent=indent) for part in parts)
    told = read_source(chatwoot.SYSTEM, content.encode(), "a.json")
    assert told.faults() == []
    assert sorted(row["message_id"] for row in told.rows("messages")) == sorted(shown)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        *("payload", "data", "event", "message_type", "status", "meta", "rating"),
                        *("conversation", "sender", "content_attributes", "changed_attributes"),
                        *("messages", "contact", "inbox", "channel", "id", "created_at", "custom"),
                    ]
                ),
                st.one_of(inner, st.sampled_from(["message_created", "resolved", 1, 0])),
                max_size=6,
            ),
        ),
        max_leaves=25,
    )
)
def test_no_json_at_all_is_an_exception(value: Any) -> None:
    read_source(chatwoot.SYSTEM, json.dumps(value).encode(), "a.json")
