"""amoCRM's leads: a lead and its deal, custom fields by name, deletes, stages with names."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.business import read_business
from orchestration.errors import ActionableError
from orchestration.sources import amocrm
from tests.fixtures.landing_zone import as_jsonl, open_zone
from tests.fixtures.source_reading import Told, read_source

NOW = 1_790_939_111


def custom(field_id: int, name: str, value: Any, code: str | None = None) -> dict[str, Any]:
    """A custom field with one value."""
    return {
        "field_id": field_id,
        "field_name": name,
        "field_code": code,
        "field_type": "text",
        "values": [{"value": value}],
    }


def lead(number: int = 9001, **changes: Any) -> dict[str, Any]:
    """A lead as the API gives it."""
    return {
        "id": number,
        "name": "Заявка",
        "price": 4900,
        "status_id": 555,
        "pipeline_id": 311,
        "loss_reason_id": None,
        "source_id": None,
        "created_at": NOW,
        "updated_at": NOW + 900,
        "closed_at": None,
        "is_deleted": False,
        "custom_fields_values": None,
        "account_id": 1,
        "_embedded": {"tags": [], "companies": []},
        **changes,
    }


def page(**lists: list[dict[str, Any]]) -> dict[str, Any]:
    """A page of the API."""
    return {"_page": 1, "_links": {"self": {"href": "https://x.amocrm.ru"}}, "_embedded": lists}


def pipeline(**changes: Any) -> dict[str, Any]:
    """A pipeline with names for its stages."""
    statuses = [{"id": 555, "name": "Первичный контакт"}, {"id": 142, "name": "Оплачено"}]
    return {"id": 311, "name": "Запись", "_embedded": {"statuses": statuses}, **changes}


def read(*records: dict[str, Any], **fields: str) -> Told:
    told = read_source(amocrm.SYSTEM, as_jsonl(records), fields=fields)
    assert told.faults() == []
    return told


def test_a_lead_is_a_lead_and_a_deal_of_the_same_id() -> None:
    contacts = [{"id": 30}, {"id": 31, "is_main": True}]
    told = read(page(leads=[lead(_embedded={"contacts": contacts})]))
    shared = {"contact_id": 31, "created_at": NOW, "modified_at": NOW + 900, "amount": 4900}
    assert told.rows("leads") == [
        {
            "stream": "leads",
            "lead_id": 9001,
            "status": 555,
            "status_semantic": "open",
            "title": "Заявка",
            **shared,
        }
    ]
    assert told.rows("deals") == [
        {
            "stream": "deals",
            "deal_id": 9001,
            "lead_id": 9001,
            "stage": 555,
            "stage_semantic": "open",
            "pipeline": 311,
            **shared,
        }
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("open", None, None, None, None)),
        ({"status_id": 142, "closed_at": NOW + 5}, ("won", NOW + 5, 4900, NOW + 5, None)),
        ({"status_id": 142}, ("won", None, 4900, NOW + 900, None)),
        ({"status_id": 143, "closed_at": NOW + 5}, ("lost", NOW + 5, None, None, None)),
        (
            {
                "status_id": 143,
                "loss_reason_id": 55,
                "_embedded": {"loss_reason": [{"id": 55, "name": "Дорого"}]},
            },
            ("lost", None, None, None, "Дорого"),
        ),
        ({"status_id": 143, "loss_reason_id": 55}, ("lost", None, None, None, 55)),
        ({"loss_reason_id": 55}, ("open", None, None, None, None)),
    ],
)
def test_won_is_paid_and_lost_has_a_reason(
    changes: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    told = read(lead(**changes))
    columns = ("stage_semantic", "closed_at", "paid_amount", "paid_at", "loss_reason")
    assert told.columns("deals", *columns) == [expected]
    assert told.columns("leads", "status_semantic", "loss_reason") == [(expected[0], expected[-1])]


COLUMNS = ("session_id", "channel", "utm_source", "phone", "email")


@pytest.mark.parametrize(
    ("values", "fields", "expected"),
    [
        (None, {}, (None,) * 5),
        (
            [custom(77, "session_id", "te-1"), custom(78, "Канал", "Telegram")],
            {},
            ("te-1", "telegram", None, None, None),
        ),
        (
            [custom(79, "utm", "yandex", "UTM_SOURCE"), custom(80, "Телефон", 79161234567)],
            {},
            (None, None, "yandex", "79161234567", None),
        ),
        (
            [custom(77, "Диалог", "te-1"), custom(78, "session_id", "no")],
            {"session_field": "77"},
            ("te-1", None, None, None, None),
        ),
        (
            [custom(77, "Диалог", "te-1"), custom(78, "Откуда", "ВКонтакте", "FROM")],
            {"session_field": "диалог", "channel_field": "from"},
            ("te-1", "vk", None, None, None),
        ),
        ([custom(77, "session_id", "no")], {"session_field": "Диалог"}, (None,) * 5),
        ([{"field_id": 77, "values": []}, custom(77, "session_id", "")], {}, (None,) * 5),
    ],
)
def test_custom_fields_are_found_by_id_code_or_name(
    values: list[dict[str, Any]] | None, fields: dict[str, str], expected: tuple[Any, ...]
) -> None:
    told = read(lead(custom_fields_values=values), **fields)
    assert told.columns("leads", *COLUMNS) == [expected]
    assert told.columns("deals", "session_id") == [expected[:1]]


def test_phone_and_email_are_the_main_contacts_where_an_export_brings_it() -> None:
    fields = [custom(1, "Телефон", "+7916", "PHONE"), custom(2, "Email", "a@b.ru", "EMAIL")]
    contact = {"id": 31, "is_main": True, "custom_fields_values": fields}
    told = read(lead(_embedded={"contacts": [{"id": 1}, contact]}))
    assert told.columns("leads", "phone", "email", "contact_id") == [("+7916", "a@b.ru", 31)]


def test_contacts_before_the_leads_in_the_file_tell_their_phones() -> None:
    fields = [custom(1, "Телефон", "+7916", "PHONE"), custom(2, "Email", "a@b.ru", "EMAIL")]
    of_contact = {"contacts": [{"id": 31, "is_main": True}]}
    own = [custom(80, "Телефон", "+7999")]
    told = read(
        page(contacts=[{"id": 31, "custom_fields_values": fields}, {"id": 32}]),
        lead(1, _embedded=of_contact),
        lead(2, _embedded={"contacts": [{"id": 32}]}),
        lead(3, _embedded=of_contact, custom_fields_values=own),
    )
    assert told.columns("leads", "phone", "email") == [
        ("+7916", "a@b.ru"),
        (None, None),
        ("+7999", "a@b.ru"),
    ]
    declared = read(
        page(contacts=[{"id": 31, "custom_fields_values": fields}]),
        lead(1, _embedded=of_contact),
        phone_field="Мобильный",
    )
    assert declared.columns("leads", "phone", "email") == [(None, "a@b.ru")]


def test_a_deleted_lead_is_marked_and_so_is_its_deal() -> None:
    stub = {"id": 9001, "updated_at": NOW + 999, "updated_by": 7, "is_deleted": True}
    gone = {
        "id": "01x",
        "type": "lead_deleted",
        "entity_id": 9002,
        "entity_type": "lead",
        "created_at": NOW + 999,
    }
    told = read(lead(status_id=142), page(leads=[stub]), page(events=[gone]))
    assert told.columns("leads", "lead_id", "modified_at", "is_deleted", "status")[1:] == [
        (9001, NOW + 999, True, "deleted"),
        (9002, NOW + 999, True, "deleted"),
    ]
    assert told.columns("deals", "deal_id", "paid_amount", "is_deleted") == [
        (9001, 4900, None),
        (9001, None, True),
        (9002, None, True),
    ]


def test_stages_have_names_where_the_pipelines_stand_before_in_the_file() -> None:
    changed = {
        "type": "lead_status_changed",
        "entity_id": 9001,
        "created_at": NOW,
        "value_before": [{"lead_status": {"id": 1, "pipeline_id": 311}}],
        "value_after": [{"lead_status": {"id": 142, "pipeline_id": 311}}],
    }
    told = read(
        page(pipelines=[pipeline()]),
        page(leads=[lead(), lead(9002, pipeline_id=312)]),
        page(events=[changed, {**changed, "type": "lead_added"}]),
    )
    assert told.columns("leads", "status") == [("Первичный контакт",), (555,)]
    assert told.columns("deals", "stage", "pipeline") == [
        ("Первичный контакт", "Запись"),
        (555, 312),
    ]
    assert told.rows("stage_history") == [
        {
            "stream": "stage_history",
            "entity": "lead",
            "entity_id": 9001,
            "stage": "Оплачено",
            "stage_semantic": "won",
            "entered_at": NOW,
        }
    ]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(page(leads=[lead(1), lead(2)])),
        json.dumps(page(leads=[lead(1), lead(2)]), indent=2),
        json.dumps([lead(1), lead(2)]),
        json.dumps(page(leads=[lead(1)])) + json.dumps(page(leads=[lead(2)])),
        json.dumps(page(leads=[lead(1)])) + "\n" + json.dumps(lead(2)),
    ],
)
def test_pages_of_every_kind_are_read(content: str) -> None:
    told = read_source(amocrm.SYSTEM, content.encode(), "leads.json")
    assert told.columns("leads", "lead_id") == [(1,), (2,)]
    assert told.faults() == []


def test_the_empty_answer_at_the_end_of_the_data_is_nothing() -> None:
    assert read_source(amocrm.SYSTEM, b"", "a.json").records == ()
    assert read(page(leads=[])).records == ()


@pytest.mark.parametrize(
    ("record", "faults"),
    [
        (lead(status_id=None), ["missing_field:status", "missing_field:stage"]),
        (lead(id=None), ["missing_field:lead_id", "missing_field:deal_id"]),
        (lead(updated_at=None), ["missing_field:modified_at"] * 2),
        (page(companies=[{"id": 31}]), ["unknown_type"]),
        (page(contacts=["?"]), ["not_object"]),
        ({"title": "Unauthorized", "status": 401, "detail": "…"}, ["vendor_error"]),
        (
            page(events=[{"type": "lead_status_changed", "entity_id": 1, "value_after": []}]),
            ["missing_field:stage"],
        ),
    ],
)
def test_what_is_not_understood_is_told_and_the_rest_is_read(
    record: dict[str, Any], faults: list[str]
) -> None:
    told = read_source(amocrm.SYSTEM, as_jsonl([record, lead(2)]))
    assert told.faults() == faults
    assert told.columns("leads", "lead_id") == [(2,)]


def test_the_keys_of_business_yml_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "business.yml"
    path.write_text("amocrm: {session_field: 77, channel_field: Канал}\n")
    assert read_business(path).amocrm == {"session_field": "77", "channel_field": "Канал"}
    path.write_text("amocrm: {session: 77}\n")
    with pytest.raises(ActionableError, match="session_field"):
        read_business(path)


def test_leads_load_with_all_their_streams(tmp_path: Path) -> None:
    with open_zone(tmp_path) as zone:
        zone.put("salon/business.yml", "amocrm: {session_field: Диалог}".encode())
        won = lead(1, status_id=142, custom_fields_values=[custom(7, "Диалог", "te-1")])
        zone.put("salon/amocrm/1.json", json.dumps(page(leads=[won, lead(2)])).encode())
        zone.load("leads")
        zone.assert_conserved()
        assert zone.rows("select lead_id, session_id, created_at::varchar from raw.leads") == [
            ("1", "te-1", "2026-10-02 11:05:11"),
            ("2", None, "2026-10-02 11:05:11"),
        ]
        assert zone.rows("select deal_id, paid_amount, paid_at::varchar from raw.deals") == [
            ("1", 4900.0, "2026-10-02 11:20:11"),
            ("2", None, None),
        ]
        zone.put("salon/business.yml", b"")
        zone.load("leads")
        assert zone.values("select session_id from raw.leads") == [None, None]


leads = st.builds(
    lead,
    st.integers(1, 99),
    status_id=st.sampled_from([142, 143, 555, None]),
    price=st.one_of(st.none(), st.integers(0, 9)),
    is_deleted=st.booleans(),
    closed_at=st.one_of(st.none(), st.integers(NOW, NOW + 9)),
    custom_fields_values=st.one_of(
        st.none(), st.lists(st.builds(custom, st.integers(1, 3), st.just("session_id"), st.text()))
    ),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.lists(leads, max_size=4), max_size=4), st.sampled_from([None, 1]))
def test_every_lead_is_two_rows_or_two_rejects(
    pages: list[list[dict[str, Any]]], indent: int | None
) -> None:
    content = "".join(json.dumps(page(leads=found), indent=indent) for found in pages)
    told = read_source(amocrm.SYSTEM, content.encode(), "a.json")
    given_leads = [found for of_page in pages for found in of_page]
    bad = sum(found["status_id"] is None and not found["is_deleted"] for found in given_leads)
    assert len(told.faults()) == 2 * bad
    assert len(told.rows("leads")) == len(told.rows("deals")) == len(given_leads) - bad
    paid = [row["paid_amount"] for row in told.rows("deals") if "paid_amount" in row]
    assert paid == [
        found["price"]
        for found in given_leads
        if found["status_id"] == 142 and not found["is_deleted"] and found["price"] is not None
    ]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        *("_embedded", "leads", "pipelines", "statuses", "events", "id", "name"),
                        *("status_id", "pipeline_id", "custom_fields_values", "values", "value"),
                        *("is_deleted", "entity_id", "type", "value_after", "lead_status"),
                        *("contacts", "loss_reason", "source", "field_name", "title", "detail"),
                    ]
                ),
                st.one_of(inner, st.sampled_from(["lead_status_changed", 142])),
                max_size=6,
            ),
        ),
        max_leaves=25,
    )
)
def test_no_json_at_all_is_an_exception(value: Any) -> None:
    read_source(amocrm.SYSTEM, json.dumps(value).encode(), "a.json")
