"""What every kind of Bitrix24's record becomes, column by column."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.goldens import Golden
from tests.fixtures.landing_zone import Zone, as_jsonl, open_zone
from tests.integration.test_sources_conformance import assert_conserved, load, put, rows_of

_SETTINGS = """
bitrix24:
  session_id: UF_CRM_SESSION_ID, ID сессии бота
  channel: UF_CRM_CHANNEL, Канал
  loss_reason: UF_CRM_REASON
  paid_amount: UF_CRM_PAID
  paid_at: UF_CRM_PAID_AT
  visit_at: UF_CRM_VISIT
  visit_status: UF_CRM_CAME
  visit_no_show: Прогул
  visit_arrived: "C5:CAME"
  channels: wz_wa = whatsapp
"""


def _envelope(entity: str, payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "_id": str(payload.get("ID") or payload.get("id")),
        "_hash": "00000000000000aa",
        "_gone": False,
        "_src": "bitrix24",
        "_entity": entity,
        "_schema": 1,
        "_loaded_at": "2026-10-05T06:00:00+00:00",
        "payload": payload,
        "known": {},
        **more,
    }


_LEAD = {
    "ID": "41",
    "TITLE": "Заявка 41",
    "STATUS_ID": "UC_7K2QPM",
    "STATUS_SEMANTIC_ID": "P",
    "SOURCE_ID": "3|TELEGRAM",
    "OPPORTUNITY": "4900.00",
    "CURRENCY_ID": "RUB",
    "DATE_CREATE": "2026-10-02T14:05:11+03:00",
    "DATE_MODIFY": "2026-10-03T09:00:00+03:00",
    "IS_RETURN_CUSTOMER": "N",
    "CONTACT_ID": "0",
    "UTM_SOURCE": "yandex",
    "UTM_MEDIUM": None,
    "UF_CRM_SESSION_ID": "te-1",
    "UF_CRM_CHANNEL": "45",
    "PHONE": [{"VALUE": "8 916 123-45-67"}, {"VALUE": "+79160000000"}],
    "IM": [{"VALUE": "https://vk.com/id1"}, {"VALUE": "imol|telegrambot|3|5041|941"}],
}
_ITEM = {
    "id": 42,
    "entityTypeId": 1,
    "title": "Заявка 42",
    "stageId": "JUNK",
    "stageSemanticId": "F",
    "sourceId": "WEB",
    "opportunity": 12000.5,
    "currencyId": "RUB",
    "createdTime": "2026-10-02T15:00:00+03:00",
    "updatedTime": "2026-10-02T16:00:00+03:00",
    "isReturnCustomer": "Y",
    "contactId": 7,
    "utmCampaign": "осень",
    "ufCrmSessionId": "",
    "ufCrmReason": "дорого",
    "fm": [
        {"typeId": "EMAIL", "value": "anna@example.com"},
        {"typeId": "IM", "value": "imol|wz_wa|4|79160000001|942"},
    ],
}

_LEADS = as_jsonl(
    [
        _envelope("lead", _LEAD, known={"items": {"UF_CRM_CHANNEL": "Telegram"}}),
        {"result": {"items": [_ITEM]}, "total": 1},
        _envelope(
            "lead",
            {**_LEAD, "ID": "43", "PHONE": [], "UF_CRM_VISIT": "2026-10-04T12:00:00+03:00"},
            known={"merged_into": "41", "contact": {"PHONE": [{"VALUE": "+79160000043"}]}},
            _gone=True,
            _changed_at="2026-10-05T09:00:00+03:00",
        ),
        "broken +79160000000",
        {"ID": "44", "STATUS_ID": "NEW"},
        {"result": ["x"]},
        {"ENTITY_ID": "STATUS", "STATUS_ID": "NEW", "NAME": "Новый"},
    ]
)

_DEAL = {
    "ID": "7",
    "LEAD_ID": "41",
    "CONTACT_ID": "31",
    "CATEGORY_ID": "5",
    "STAGE_ID": "C5:WON",
    "OPPORTUNITY": "4900.00",
    "CURRENCY_ID": "RUB",
    "CLOSED": "Y",
    "CLOSEDATE": "2026-10-06T03:00:00+03:00",
    "DATE_CREATE": "2026-10-03T09:00:00+03:00",
    "DATE_MODIFY": "2026-10-06T10:00:00+03:00",
    "UF_CRM_SESSION_ID": "te-1",
    "UF_CRM_PAID": "4900|RUB",
    "UF_CRM_PAID_AT": "2026-10-06T03:00:00+03:00",
    "UF_CRM_VISIT": "2026-10-06T15:00:00+03:00",
    "UF_CRM_CAME": ["Прогул"],
}
_OTHER_DEAL = {
    "ID": "8",
    "STAGE_ID": "C5:CAME",
    "STAGE_SEMANTIC_ID": "P",
    "CLOSED": "N",
    "CLOSEDATE": "2026-10-20T03:00:00+03:00",
    "DATE_CREATE": "2026-10-03T09:00:00+03:00",
    "UF_CRM_VISIT": "2026-10-06T16:00:00+03:00",
}
_DEALS = as_jsonl(
    [
        _envelope("deal", _DEAL, known={"pipeline": "Клиника"}),
        _envelope("deal", _OTHER_DEAL, known={"is_lead": True, "status": "Пришёл"}),
        _envelope("deal", {**_DEAL, "ID": "9", "UF_CRM_CAME": "Заболел"}),
    ]
)

_STEPS = as_jsonl(
    [
        _envelope(
            "lead_history",
            {
                "ID": 1,
                "TYPE_ID": 1,
                "OWNER_ID": 41,
                "CREATED_TIME": "2026-10-02T14:05:11+03:00",
                "STATUS_SEMANTIC_ID": "P",
                "STATUS_ID": "NEW",
            },
        ),
        _envelope(
            "deal_history",
            {
                "ID": 2,
                "TYPE_ID": 3,
                "OWNER_ID": 8,
                "CREATED_TIME": "2026-10-06T10:00:00+03:00",
                "CATEGORY_ID": 5,
                "STAGE_SEMANTIC_ID": "F",
                "STAGE_ID": "C5:LOSE",
            },
            known={"is_lead": True},
        ),
    ]
)


def _message(message_id: int, sender: str, text: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """A message, a second later than the one before it."""
    at = {"date": f"2026-10-02T14:05:{message_id % 100:02}+03:00", "params": []}
    said = {"id": message_id, "chatid": 1761, "senderid": sender, "text": text}
    return str(message_id), {**said, **at, **more}


_END = "bx-messenger-content-item-ol-end"
_HISTORY = {
    "chatId": 1761,
    "sessionId": 321,
    # The portal gives them in no order.
    "message": dict(
        [
            _message(9003, "12", "Олег на связи"),
            _message(9001, "587", "Здравствуйте"),
            _message(9002, "90", "Чем помочь?", params={"fileId": [1]}),
            _message(9004, "77", "Я помощник"),
            _message(9005, "0", "Диалог завершён", params={"class": _END}),
            _message(9006, "587", "Когда?", date=None),
        ]
    ),
    "users": {
        "587": {"id": "587", "name": "Гость", "bot": False, "connector": True},
        "90": {"id": "90", "name": "Бот", "bot": True, "connector": False},
        "77": {"id": "77", "name": "Лайм Помощник", "bot": False, "connector": False},
    },
    "chat": {"1761": {"id": "1761", "entityId": "livechat|3|5041|587"}},
}
_CHATS = as_jsonl([_envelope("chat", {"activity": {"ID": "1"}, "history": _HISTORY}, _id="321")])
_FINISHED = {
    "event": "ONSESSIONFINISH",
    "data": {
        "DATA": [
            {
                "connector": {"connector_id": "vkgroup", "line_id": 1, "chat_id": 5, "user_id": 9},
                "session": {"id": 42, "closed": "Y"},
            }
        ]
    },
    "ts": 1790939111,
    "auth": {"access_token": "x"},
}

_PERIOD = {"from": {"timestamp": 1791000000, "timezone": "Europe/Moscow"}}
_BOOKINGS = as_jsonl(
    [
        _envelope(
            "booking",
            {"id": 15, "name": "Стрижка", "datePeriod": _PERIOD},
            known={
                "clients": [
                    {"id": 1, "type": {"code": "COMPANY", "module": "crm"}},
                    {"id": 31, "type": {"code": "CONTACT", "module": "crm"}},
                ],
                "deal": {"ID": "8", "STAGE_ID": "C5:CAME"},
            },
        ),
        _envelope(
            "booking",
            {"id": 16, "name": None, "datePeriod": _PERIOD},
            known={"clients": [{"id": 31, "type": {"code": "CONTACT", "module": "crm"}}]},
            _gone=True,
        ),
        _envelope("booking", {"id": 17, "datePeriod": _PERIOD}),
    ]
)

_GRID = (
    '"ID";"Название лида";"Статус";"Источник";"Сумма";"Валюта";"Дата создания";"Рабочий телефон";'
    '"Частный e-mail";"ID сессии бота";"Канал";"Повторный лид";"Товар";"Настроение";\n'
    '"41";"Заявка ""срочно""\nс утра";"Записан на приём";"Telegram - Открытая линия";"4 900,50";'
    '"Российский рубль";"02.10.2026 14:05:11";"+7 (916) 123-45-67, 89161234567";"";"te-1";'
    '"Telegram";"Нет";"Стрижка";"бодрое";\n'
    '"41";"Заявка ""срочно""\nс утра";"Записан на приём";"Telegram - Открытая линия";"100.00";'
    '"Российский рубль";"02.10.2026 14:05:11";"+7 (916) 123-45-67, 89161234567";"";"te-1";'
    '"Telegram";"Нет";"Укладка";"бодрое";\n'
    '"42";"Заявка";"Некачественный лид";"Звонок";"";"";"03.10.2026";"";'
    '"a@example.com, b@example.com";"";"";"Да";"";"";\n'
    '"43";"Заявка";"Новая";"Звонок";"0.00";"";"вчера";"";"";"";"";"";"";"";\n'
)
_GRID_ROWS = {
    "leads": [
        {
            "lead_id": "41",
            "title": 'Заявка "срочно"\nс утра',
            "status": "Записан на приём",
            "status_semantic": None,
            "source": "Telegram - Открытая линия",
            "amount": 5000.5,
            "currency": "RUB",
            "created_at": "2026-10-02 11:05:11",
            "modified_at": "2026-10-02 11:05:11",
            "phone": "+7 (916) 123-45-67",
            "email": None,
            "session_id": "te-1",
            "channel": "telegram",
            "is_returning": False,
        },
        {
            "lead_id": "42",
            "status_semantic": "lost",
            "loss_reason": "Некачественный лид",
            "amount": None,
            "created_at": "2026-10-02 21:00:00",
            "email": "a@example.com",
            "is_returning": True,
        },
    ],
}
_PAGE = (
    "<html><meta charset=utf-8><table><thead><tr><th>ID</th><th>Deal name</th><th>Deal stage</th>"
    "<th>Total</th><th>Currency</th><th>Created on</th><th>Modified on</th><th>Lead ID</th></tr>"
    "</thead><tbody><tr><td>7</td><td>Haircut &amp; colour</td><td>Deal won</td><td>12,500</td>"
    "<td>US Dollar</td><td>10/02/2026 02:05 pm</td><td>10/03/2026 09:00:30 am</td><td>41</td></tr>"
    "</tbody></table></html>"
)

FILES = [
    Golden(
        name="bitrix24 leads",
        source_file="bitrix24/leads/a.jsonl",
        content=_LEADS,
        settings=_SETTINGS,
        rows={
            "leads": [
                {
                    "lead_id": "41",
                    "title": "Заявка 41",
                    "status": "UC_7K2QPM",
                    "status_semantic": "open",
                    "source": "3|TELEGRAM",
                    "amount": 4900.0,
                    "currency": "RUB",
                    "created_at": "2026-10-02 11:05:11",
                    "modified_at": "2026-10-03 06:00:00",
                    "session_id": "te-1",
                    "chat_reference": "imol|telegram|3|5041|941",
                    "channel": "telegram",
                    "phone": "8 916 123-45-67",
                    "email": None,
                    "contact_id": None,
                    "utm_source": "yandex",
                    "utm_medium": None,
                    "is_returning": False,
                    "merged_into": None,
                    "is_deleted": None,
                    "loss_reason": None,
                },
                {
                    "lead_id": "42",
                    "status": "JUNK",
                    "status_semantic": "lost",
                    "amount": 12000.5,
                    "created_at": "2026-10-02 12:00:00",
                    "modified_at": "2026-10-02 13:00:00",
                    "session_id": None,
                    "chat_reference": "imol|whatsapp|4|79160000001|942",
                    "channel": "whatsapp",
                    "phone": None,
                    "email": "anna@example.com",
                    "contact_id": "7",
                    "utm_campaign": "осень",
                    "is_returning": True,
                    "loss_reason": "дорого",
                },
                {
                    "lead_id": "43",
                    "modified_at": "2026-10-05 06:00:00",
                    "phone": "+79160000043",
                    "merged_into": "41",
                    "is_deleted": True,
                },
            ],
            "bookings": [
                {
                    "booking_id": "lead-43",
                    "lead_id": "43",
                    "starts_at": "2026-10-04 09:00:00",
                    "status": "cancelled",
                }
            ],
        },
        rejects=[(4, "not_json"), (5, "missing_field:created_at"), (6, "unknown_type")],
    ),
    Golden(
        name="bitrix24 deals",
        source_file="bitrix24/deals/a.jsonl",
        content=_DEALS,
        settings=_SETTINGS,
        rows={
            "deals": [
                {
                    "deal_id": "7",
                    "lead_id": "41",
                    "contact_id": "31",
                    "stage": "C5:WON",
                    "stage_semantic": "won",
                    "pipeline": "Клиника",
                    "amount": 4900.0,
                    "closed_at": "2026-10-06 00:00:00",
                    "paid_amount": 4900.0,
                    "paid_at": "2026-10-06 00:00:00",
                    "session_id": "te-1",
                },
                {
                    "deal_id": "8",
                    "lead_id": "deal-8",
                    "stage_semantic": "open",
                    "modified_at": "2026-10-03 06:00:00",
                    "closed_at": None,
                    "paid_amount": None,
                },
                {"deal_id": "9", "pipeline": "5"},
            ],
            "leads": [{"lead_id": "deal-8", "status": "C5:CAME", "status_semantic": "open"}],
            "bookings": [
                {
                    "booking_id": "deal-7",
                    "deal_id": "7",
                    "lead_id": "41",
                    "contact_id": "31",
                    "starts_at": "2026-10-06 12:00:00",
                    "status": "no_show",
                },
                {"booking_id": "deal-8", "lead_id": "deal-8", "status": "arrived"},
            ],
        },
        # «Заболел» is none of the words that mean something of a visit.
        rejects=[(3, "bad_value:status")],
    ),
    Golden(
        name="bitrix24 stage history",
        source_file="bitrix24/stage_history/a.jsonl",
        content=_STEPS,
        rows={
            "stage_history": [
                {
                    "entity": "lead",
                    "entity_id": "41",
                    "stage": "NEW",
                    "stage_semantic": "open",
                    "entered_at": "2026-10-02 11:05:11",
                },
                {"entity": "deal", "entity_id": "8", "stage": "C5:LOSE", "stage_semantic": "lost"},
                {"entity": "lead", "entity_id": "deal-8", "stage_semantic": "lost"},
            ]
        },
    ),
    Golden(
        name="bitrix24 messages",
        source_file="bitrix24/messages/a.jsonl",
        content=_CHATS,
        settings="participants: {bots: [Лайм Помощник]}",
        rows={
            "messages": [
                {
                    "message_id": "9001",
                    "channel": "web",
                    "chat_id": "5041",
                    "session_id": "bitrix24-321",
                    "user_id": "587",
                    "sent_at": "2026-10-02 11:05:01",
                    "sequence": 9001,
                    "sender": "customer",
                    "kind": "text",
                    "body": "Здравствуйте",
                    "operator_id": None,
                },
                {"message_id": "9002", "user_id": "587", "sender": "bot", "kind": "media"},
                {"message_id": "9003", "sender": "operator", "operator_id": "12"},
                {"message_id": "9004", "sender": "bot", "operator_id": None},
                {"message_id": "9005", "sender": "system", "kind": "service"},
            ],
            "session_events": [
                {
                    "session_id": "bitrix24-321",
                    "channel": "web",
                    "user_id": "587",
                    "event": "closed",
                    "event_at": "2026-10-02 11:05:05",
                }
            ],
        },
        rejects=[(1, "missing_field:sent_at")],
    ),
    Golden(
        name="bitrix24 bookings",
        source_file="bitrix24/bookings/a.jsonl",
        content=_BOOKINGS,
        settings=_SETTINGS,
        rows={
            "bookings": [
                {
                    "booking_id": "15",
                    "deal_id": "8",
                    "contact_id": "31",
                    "starts_at": "2026-10-03 04:00:00",
                    "status": "arrived",
                    "service": "Стрижка",
                    "modified_at": "2026-10-05 06:00:00",
                },
                {"booking_id": "16", "deal_id": None, "contact_id": "31", "status": "cancelled"},
            ]
        },
        rejects=[(3, "missing_field:lead_id|deal_id|contact_id|session_id")],
    ),
    Golden(
        name="bitrix24 grid of leads",
        source_file="bitrix24/LEADS.csv",
        content=("\ufeff" + _GRID).encode(),
        settings=_SETTINGS,
        rows=_GRID_ROWS,
        rejects=[(3, "bad_timestamp:created_at")],
    ),
    Golden(
        name="bitrix24 grid of deals, as a page",
        source_file="bitrix24/DEALS.xls",
        content=_PAGE.encode(),
        rows={
            "deals": [
                {
                    "deal_id": "7",
                    "lead_id": "41",
                    "stage": "Deal won",
                    "stage_semantic": "won",
                    "amount": 12500.0,
                    "currency": "USD",
                    "created_at": "2026-10-02 11:05:00",
                    "modified_at": "2026-10-03 06:00:30",
                }
            ]
        },
    ),
    Golden(
        name="bitrix24 event",
        source_file="bitrix24/event.json",
        content=json.dumps(_FINISHED).encode(),
        rows={
            "session_events": [
                {
                    "session_id": "bitrix24-42",
                    "channel": "vk",
                    "user_id": "9",
                    "event": "closed",
                    "event_at": "2026-10-02 11:05:11",
                }
            ]
        },
    ),
]


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removeprefix("bitrix24 "))
def test_a_file_gives_its_rows_and_its_rejects(zone: Zone, file: Golden) -> None:
    put(zone, file)
    load(zone, file)
    assert rows_of(zone, file) == {stream: list(rows) for stream, rows in file.rows.items()}
    assert [(line, reason) for line, reason, _ in zone.rejects()] == list(file.rejects)
    assert_conserved(zone, file)
