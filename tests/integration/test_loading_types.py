"""What a value may look like, what it becomes, and the word for what it may not be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.errors import ActionableError
from tests.fixtures.landing_zone import Zone, as_csv, as_jsonl, message, open_zone

RATING = {
    "rating_id": "r1",
    "session_id": "s1",
    "survey": "chat",
    "metric": "csat",
    "score": 5,
    "scale_max": 5,
    "rated_at": "2026-03-01T10:00:00Z",
}
EVENT = {"event_id": "e1", "session_id": "s1", "event": "closed", "event_at": 1772359200}
LABEL = {
    "message_id": "m1",
    "true_intent": "price",
    "labeller": "anna",
    "labelled_at": "2026-03-01",
    "selection_probability": 0.5,
}
COST = {"cost_date": "2026-03-01", "item": "bot", "amount": 100, "currency": "RUB"}


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def stored(zone: Zone, column: str, row: dict[str, Any] | str, stream: str = "messages") -> Any:
    """Load one row; give the stored value of the column, or the reason of the reject."""
    zone.put(f"salon/generic/{stream}/a.jsonl", as_jsonl([row]))
    return outcome(zone, column, stream)


def outcome(zone: Zone, column: str, stream: str) -> Any:
    try:
        zone.load(stream)
    except ActionableError:
        return zone.rejects()[0][1]
    return zone.values(f"select {column} from raw.{stream}")[0]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01 10:00:00"),
        ("2026-03-01t10:00:00z", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00:00+03:00", "2026-03-01 07:00:00"),
        ("2026-03-01T10:00:00-0930", "2026-03-01 19:30:00"),
        ("2026-03-01 10:00:00+05", "2026-03-01 05:00:00"),
        ("2026-03-01 10:00:00 +0300", "2026-03-01 07:00:00"),
        ("2026-03-01 10:00:00 UTC", "2026-03-01 10:00:00"),
        ("2026-03-01T10:00+03:00", "2026-03-01 07:00:00"),
        ("2026-03-01T10:00:00.123456789Z", "2026-03-01 10:00:00.123456"),
        ("2026-03-01T24:00:00Z", "2026-03-02 00:00:00"),
        ("2026-03-01T10:00:00", "2026-03-01 07:00:00"),
        ("2026-03-01 10:00:00.5", "2026-03-01 07:00:00.5"),
        ("2026-03-01", "2026-02-28 21:00:00"),
        (" 2026-03-01T10:00:00Z ", "2026-03-01 10:00:00"),
        (1772359200, "2026-03-01 10:00:00"),
        ("1772359200", "2026-03-01 10:00:00"),
        (1772359200.25, "2026-03-01 10:00:00.25"),
        ("1772359200.123456", "2026-03-01 10:00:00.123456"),
        (1772359200123, "2026-03-01 10:00:00.123"),
        ("1772359200123.5", "2026-03-01 10:00:00.1235"),
        (0, "1970-01-01 00:00:00"),
        ("2100-12-31T23:59:59Z", "2100-12-31 23:59:59"),
        (4133980799, "2100-12-31 23:59:59"),
    ],
)
def test_a_time_is_stored_as_utc(zone: Zone, written: object, utc: str) -> None:
    assert stored(zone, "sent_at::varchar", message(1, sent_at=written)) == utc


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "2026-02-30T10:00:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T10:61:00Z",
        "2026-03-01T10:00:00+15:00",
        "2026-03-01T10:00:00 Europe/Moscow",
        "01.03.2026 10:00:00",
        "2026-3-1",
        "1969-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "20260301",
        4133980800000,
        -5,
        1e20,
        "infinity",
        "epoch",
        True,
        {"at": 1772359200},
        [1772359200],
    ],
)
def test_what_is_no_time_is_told(zone: Zone, written: object) -> None:
    assert stored(zone, "sent_at", message(1, sent_at=written)) == "bad_timestamp:sent_at"


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-03-29T02:30:00", "2026-03-29 01:30:00"),
        ("2026-10-25T02:30:00", "2026-10-25 01:30:00"),
    ],
)
def test_a_local_time_that_the_clock_change_skips_or_repeats_is_stored(
    zone: Zone, written: str, utc: str
) -> None:
    zone.put("salon/business.yml", b"timezone: Europe/Berlin")
    assert stored(zone, "sent_at::varchar", message(1, sent_at=written)) == utc


def test_each_business_reads_times_without_offset_in_its_own_zone(zone: Zone) -> None:
    for business, time_zone in {"a": "Asia/Tokyo", "b": "America/New_York", "c": "UTC"}.items():
        zone.put(f"{business}/business.yml", f"timezone: {time_zone}".encode())
        row = message(1, sent_at="2026-03-01T10:00:00")
        zone.put(f"{business}/generic/messages/a.jsonl", as_jsonl([row]))
    zone.load()
    assert zone.values("select sent_at::varchar from raw.messages order by business_id") == [
        "2026-03-01 01:00:00",
        "2026-03-01 15:00:00",
        "2026-03-01 10:00:00",
    ]


def test_the_zone_of_the_session_changes_nothing(zone: Zone) -> None:
    zone.connection.execute("set TimeZone = 'Pacific/Auckland'")
    for written in ("2026-03-01T10:00:00", "2026-03-01T07:00:00Z", 1772348400):
        row = message(1, sent_at=written)
        assert stored(zone, "sent_at::varchar", row) == "2026-03-01 07:00:00"


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("sequence", "12", 12),
        ("sequence", "12.0", 12),
        ("sequence", 12.0, 12),
        ("sequence", 1e3, 1000),
        ("sequence", "-3", -3),
        ("sequence", "12.5", "bad_value:sequence"),
        ("sequence", "1_000", "bad_value:sequence"),
        ("sequence", "0x1F", "bad_value:sequence"),
        ("sequence", "99999999999999999999", "bad_value:sequence"),
        ("sequence", True, "bad_value:sequence"),
        ("intent_confidence", "0.25", 0.25),
        ("intent_confidence", ".5", 0.5),
        ("intent_confidence", "5e-1", 0.5),
        ("intent_confidence", 0, 0.0),
        ("intent_confidence", 1, 1.0),
        ("intent_confidence", 1.01, "bad_value:intent_confidence"),
        ("intent_confidence", -0.01, "bad_value:intent_confidence"),
        ("intent_confidence", "0,5", "bad_value:intent_confidence"),
        ("intent_confidence", "nan", "bad_value:intent_confidence"),
        ("intent_confidence", "1e999", "bad_value:intent_confidence"),
        ("is_fallback", True, True),
        ("is_fallback", "YES", True),
        ("is_fallback", "t", True),
        ("is_fallback", 1, True),
        ("is_fallback", "1.0", True),
        ("is_fallback", "N", False),
        ("is_fallback", "f", False),
        ("is_fallback", 0, False),
        ("is_fallback", "", None),
        ("is_fallback", "maybe", "bad_value:is_fallback"),
        ("is_fallback", 2, "bad_value:is_fallback"),
        ("sender", "USER", "customer"),
        ("sender", " Assistant ", "bot"),
        ("sender", "manager", "operator"),
        ("sender", "robot", "bad_value:sender"),
        ("kind", None, "text"),
        ("kind", "", "text"),
        ("kind", "Media", "media"),
        ("kind", "sticker", "bad_value:kind"),
        ("body", "", None),
        ("body", "  two  ", "  two  "),
        ("body", {"a": [1, None]}, '{"a":[1,null]}'),
        ("body", 12345678901234567890123, "12345678901234567890123"),
        ("body", True, "true"),
        ("body", "NaN", "NaN"),
        ("phone", 79160000000, "79160000000"),
        ("message_id", "", "missing_field:message_id"),
        ("message_id", "  ", "missing_field:message_id"),
        ("message_id", None, "missing_field:message_id"),
        ("user_id", None, "missing_field:user_id"),
        ("sent_at", None, "missing_field:sent_at"),
        ("sender", None, "missing_field:sender"),
    ],
)
def test_a_value_of_a_message(zone: Zone, column: str, written: object, value: object) -> None:
    assert stored(zone, column, message(1) | {column: written}) == value


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("column", ["session_id", "intent_confidence"])
def test_numbers_that_are_not_finite_are_told(zone: Zone, column: str, literal: str) -> None:
    line = json.dumps(message(1))[:-1] + f', "{column}": {literal}}}'
    assert stored(zone, column, line) == f"bad_value:{column}"


@pytest.mark.parametrize(
    ("stream", "row", "column", "value"),
    [
        ("ratings", RATING, "score", 5.0),
        ("ratings", RATING | {"score": 6}, "score", "bad_value:score"),
        ("ratings", RATING | {"score": -1}, "score", "bad_value:score"),
        ("ratings", RATING | {"score": 0, "scale_max": 0}, "score", "bad_value:scale_max"),
        ("ratings", RATING | {"scale_max": None}, "score", "missing_field:scale_max"),
        (
            "ratings",
            RATING | {"session_id": ""},
            "score",
            "missing_field:session_id|user_id|lead_id",
        ),
        ("ratings", RATING | {"session_id": "", "lead_id": "l1"}, "lead_id", "l1"),
        ("session_events", EVENT, "event", "closed"),
        (
            "session_events",
            EVENT | {"session_id": None, "user_id": "u1"},
            "event",
            "missing_field:session_id|channel+user_id",
        ),
        (
            "session_events",
            EVENT | {"session_id": None, "user_id": "u1", "channel": "vk"},
            "channel",
            "vk",
        ),
        ("session_events", EVENT | {"event": "opened"}, "event", "bad_value:event"),
        ("intent_labels", LABEL | {"selection_probability": 1}, "selection_probability", 1.0),
        (
            "intent_labels",
            LABEL | {"selection_probability": 0},
            "selection_probability",
            "bad_value:selection_probability",
        ),
        ("costs", COST, "cost_date::varchar", "2026-03-01"),
        ("costs", COST | {"cost_date": "2026-03-01 00:00:00"}, "cost_date::varchar", "2026-03-01"),
        ("costs", COST | {"cost_date": "2026-02-29"}, "cost_date", "bad_timestamp:cost_date"),
        ("costs", COST | {"cost_date": "01.03.2026"}, "cost_date", "bad_timestamp:cost_date"),
        ("costs", COST | {"amount": -5}, "amount", -5.0),
    ],
)
def test_a_value_of_another_stream(
    zone: Zone, stream: str, row: dict[str, Any], column: str, value: object
) -> None:
    assert stored(zone, column, row, stream) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12,5", 12.5),
        ("-0,125", -0.125),
        ("1234,56", 1234.56),
        ("12.5", 12.5),
        ("1,234", "bad_value:amount"),
        ("1,234,567", "bad_value:amount"),
        ("1.234,5", "bad_value:amount"),
    ],
)
def test_a_decimal_comma_in_csv_is_read_where_it_can_mean_nothing_else(
    zone: Zone, written: str, value: object
) -> None:
    zone.put("salon/generic/costs/a.csv", as_csv([COST | {"amount": written}], ";"))
    assert outcome(zone, "amount", "costs") == value


def test_the_first_column_at_fault_gives_the_reason(zone: Zone) -> None:
    row = {"user_id": "u1", "sent_at": "x", "sender": "robot", "channel": "vk"}
    assert stored(zone, "sender", row) == "missing_field:message_id"
    assert stored(zone, "sender", row | {"message_id": 1}) == "bad_timestamp:sent_at"
    good_time = {"message_id": 1, "sent_at": "2026-03-01"}
    assert stored(zone, "sender", row | good_time) == "bad_value:sender"


def test_of_a_name_given_twice_in_a_line_the_first_counts(zone: Zone) -> None:
    line = json.dumps(message(1))[:-1] + ', "body": "second"}'
    assert stored(zone, "body", line) == "Здравствуйте"
