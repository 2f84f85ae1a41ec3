"""business.yml: what it may say, what stands where it is silent, and how a fault is told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from orchestration import business
from orchestration.business import Business, read_business
from orchestration.errors import ActionableError
from orchestration.sources.contract import System
from tests.fixtures.landing_zone import Zone, message, open_zone

EVERYTHING = """
name: Салон «Роза»
timezone: Asia/Yekaterinburg
currency: EUR
session_gap_minutes: 30
lead_window_days: 14
opening_hours:
  mon: ["10:00-13:00", "14:00-20:00"]
  sunday: "12:00-24:00"
  tue: []
holidays: [ru, 2026-12-31, "2026-03-09"]
dayparts: {day: "06:00-22:00", night: "22:00-06:00"}
targets: {handoff_rate: 0.2, nps: 40, ttr_bot_target_seconds: 10}
intent_threshold: 0.5
fallback_intents: [nlu_fallback]
out_of_scope_intents: [chitchat]
planned_handoff_scenarios: [booking]
staff_user_ids: [42, anna]
test_user_ids: ["007"]
spam_patterns: ["(?i)казино"]
operator_hourly_cost: 400
bot_monthly_cost: 9000.5
margin_share: 0.4
baseline: {from: 2026-01-01, to: 2026-03-31}
participants: {bots: Лайм Бот, operators: ["@anna", 79161234567]}
bitrix24: {session_id: UF_CRM_SESSION_ID, won: CONVERTED}
amocrm: {session_field: 77}
"""


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def read(tmp_path: Path, text: str) -> Business:
    path = tmp_path / "business.yml"
    path.write_text(text, encoding="utf-8")
    return read_business(path)


def fault(tmp_path: Path, text: str) -> str:
    with pytest.raises(ActionableError) as raised:
        read(tmp_path, text)
    assert str(tmp_path / "business.yml") in str(raised.value)
    return str(raised.value)


def test_every_key_of_the_contract_reaches_its_table(zone: Zone) -> None:
    zone.put("salon/business.yml", EVERYTHING.encode())
    zone.load()
    rest = (date(2026, 1, 1), date(2026, 3, 31), True)
    assert zone.rows("from raw.businesses") == [
        (
            "salon",
            "Салон «Роза»",
            "Asia/Yekaterinburg",
            "EUR",
            30,
            14,
            0.5,
            400.0,
            9000.5,
            0.4,
            *rest,
        )
    ]
    assert zone.rows("select kpi, target from raw.business_targets order by 1") == [
        ("handoff_rate", 0.2),
        ("nps", 40.0),
        ("ttr_bot_target_seconds", 10.0),
    ]
    assert zone.rows("select * exclude business_id from raw.business_dayparts order by 1") == [
        ("day", "06:00", "22:00"),
        ("night", "22:00", "06:00"),
    ]
    assert zone.rows("select * exclude business_id from raw.business_opening_hours order by 1") == [
        (1, "10:00", "13:00"),
        (1, "14:00", "20:00"),
        (7, "12:00", "24:00"),
    ]
    assert zone.values("select holiday from raw.business_holidays order by 1") == [
        "2026-03-09",
        "2026-12-31",
        "ru",
    ]
    assert zone.rows("select setting, value from raw.business_values order by all") == [
        ("fallback_intents", "nlu_fallback"),
        ("out_of_scope_intents", "chitchat"),
        ("planned_handoff_scenarios", "booking"),
        ("spam_patterns", "(?i)казино"),
        ("staff_user_ids", "42"),
        ("staff_user_ids", "anna"),
        ("test_user_ids", "007"),
    ]


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n", "timezone:\ntargets:\nbaseline:\n"])
def test_silence_means_the_defaults_of_the_seed(zone: Zone, text: str | None) -> None:
    (zone.landing_dir / "salon").mkdir()
    if text is not None:
        zone.put("salon/business.yml", text.encode())
    zone.load()
    row = ("salon", "salon", "Europe/Moscow", "RUB", 1440, 7, *[None] * 6, False)
    assert zone.rows("from raw.businesses") == [row]
    for table in ("targets", "dayparts", "opening_hours", "holidays", "values"):
        assert zone.rows(f"from raw.business_{table}") == []


def test_a_business_that_changes_its_mind_is_rewritten(zone: Zone) -> None:
    zone.put("salon/business.yml", EVERYTHING.encode())
    zone.load()
    zone.put("salon/business.yml", b"holidays: ru\n")
    zone.load()
    assert zone.values("select currency from raw.businesses") == ["RUB"]
    assert zone.values("select holiday from raw.business_holidays") == ["ru"]
    assert zone.values("select count(*) from raw.business_values") == [0]


def test_settings_that_cannot_be_used_leave_the_tables_as_they_were(zone: Zone) -> None:
    zone.put("salon/business.yml", EVERYTHING.encode())
    zone.load()
    zone.put("salon/business.yml", b"currency: roubles\n")
    with pytest.raises(ActionableError):
        zone.load()
    assert zone.values("select currency from raw.businesses") == ["EUR"]


def test_files_that_nobody_reads_are_stored_anew_at_each_refresh(zone: Zone) -> None:
    stray = zone.put("salon/generic/messages/a.xlsx", b"")
    zone.put_messages([message(1)])
    zone.load()
    assert zone.rows("from raw.unread_files") == [
        ("salon", "salon/generic/messages/a.xlsx", "unknown_extension")
    ]
    stray.unlink()
    zone.load()
    assert zone.rows("from raw.unread_files") == []


def test_an_unknown_key_is_told_with_the_keys_allowed(tmp_path: Path) -> None:
    told = fault(tmp_path, "time_zone: UTC\n")
    assert "`time_zone`" in told
    assert "'UTC'" in told
    for key in Business.model_fields:
        assert key in told


@pytest.mark.parametrize(
    ("text", "key", "given", "allowed"),
    [
        ("timezone: Moscow", "timezone", "'Moscow'", "Europe/Moscow"),
        ("timezone: AET", "timezone", "'AET'", "Europe/Moscow"),
        ("currency: rub", "currency", "'rub'", "RUB"),
        ("session_gap_minutes: 0", "session_gap_minutes", "0", "above 0"),
        ("session_gap_minutes: '30'", "session_gap_minutes", "'30'", "whole number"),
        ("session_gap_minutes: true", "session_gap_minutes", "True", "whole number"),
        ("lead_window_days: 1.5", "lead_window_days", "1.5", "whole number"),
        ("opening_hours: {mon: ['9-18']}", "opening_hours", "'9-18'", "10:00-20:00"),
        ("opening_hours: {mon: ['20:00-02:00']}", "opening_hours", "20:00-02:00", "24:00"),
        ("opening_hours: {mon: ['10:00-25:00']}", "opening_hours", "10:00-25:00", "24:00"),
        ("opening_hours: {mon: ['10:00-12:00', '11:00-13:00']}", "opening_hours", "11:00", "over"),
        ("opening_hours: {пн: ['10:00-12:00']}", "opening_hours", "пн", "mon to sun"),
        ("opening_hours: {mon: [], monday: []}", "opening_hours", "monday", "mon to sun"),
        ("holidays: [de]", "holidays", "'de'", "2026-12-31"),
        ("dayparts: {day: '06:00-22:00'}", "dayparts", "00:00", "exactly once"),
        ("dayparts: {a: '00:00-13:00', b: '12:00-24:00'}", "dayparts", "12:00", "exactly once"),
        ("dayparts: {a: '00:00-23:59'}", "dayparts", "23:59", "exactly once"),
        ("targets: {speed: 1}", "targets", "'speed'", "seeds/kpis.csv"),
        ("targets: {handoff_rate: 10}", "targets", "handoff_rate", "0 to 1"),
        ("targets: {nps: .inf}", "targets", "inf", "numbers"),
        ("targets: {nps: yes}", "targets", "True", "numbers"),
        ("intent_threshold: 85", "intent_threshold", "85", "0 to 1"),
        ("margin_share: -0.1", "margin_share", "-0.1", "0 to 1"),
        ("operator_hourly_cost: -1", "operator_hourly_cost", "-1", "0 or more"),
        ("spam_patterns: ['(']", "spam_patterns", "'('", "RE2"),
        ("spam_patterns: ['a(?=b)']", "spam_patterns", "(?=", "RE2"),
        ("spam_patterns: ['x*']", "spam_patterns", "matches every message", "RE2"),
        ("baseline: {from: 2026-02-01, to: 2026-01-01}", "baseline", "ends before", "in order"),
        ("baseline: {from: 2026-02-01}", "baseline.to", "missing", "dates"),
        ("baseline: {from: 2026-02-01T10:00:00, to: 2026-02-02}", "baseline", "not a date", "from"),
        ("bitrix24: {session_id: [a]}", "bitrix24", "['a']", "custom fields"),
        ("amocrm: {77: {}}", "amocrm", "{}", "custom fields"),
        ("participants: {bot: Лайм}", "participants.bot", "Лайм", "`bots` and `operators`"),
        ("participants: [Лайм]", "participants", "['Лайм']", "`bots` and `operators`"),
        ("participants: {bots: {}}", "participants.bots", "{}", "names, handles, phones or ids"),
        ("name: 12", "name", "12", "a text"),
        ("staff_user_ids: {a: 1}", "staff_user_ids", "{'a': 1}", "list"),
    ],
)
def test_a_wrong_value_is_told_with_key_value_and_what_is_allowed(
    tmp_path: Path, text: str, key: str, given: str, allowed: str
) -> None:
    told = fault(tmp_path, text + "\n")
    assert f"`{key}" in told
    assert given in told
    assert allowed in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    told = fault(tmp_path, "timezone: Mars\nfoo: 1\nmargin_share: 2\n")
    for key in ("`timezone`", "`foo`", "`margin_share`"):
        assert key in told


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", "targets:\n  nps: 1\n  nps: 2\n", "a: [\n", "- a\n", "\t", "\x00"]
)
def test_what_is_no_mapping_with_unique_keys_is_refused(tmp_path: Path, text: str) -> None:
    assert "correct the file" in fault(tmp_path, text)


def test_settings_in_another_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "business.yml"
    path.write_bytes("name: Роза".encode("cp1251"))
    with pytest.raises(ActionableError, match="correct the file"):
        read_business(path)


def test_settings_that_are_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="cannot be read"):
        read_business(tmp_path)


def test_a_key_that_a_system_does_not_have_is_told_with_those_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"session_field": "id of the field that holds the session"}
    monkeypatch.setattr(business, "SYSTEMS", {"amocrm": System("amocrm", {}, fields)})
    assert read(tmp_path, "amocrm: {session_field: 77}\n").amocrm == {"session_field": "77"}
    told = fault(tmp_path, "amocrm: {sesion_field: 77}\n")
    assert "'sesion_field'" in told
    assert "session_field: id of the field that holds the session" in told
