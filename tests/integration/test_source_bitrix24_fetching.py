"""What a portal holds comes into the landing zone once, whatever happens on the way."""

import fcntl
import gzip
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from orchestration.errors import ActionableError
from orchestration.landing import find_files
from orchestration.sources.bitrix24 import fetching_records, journal, paging
from orchestration.sources.bitrix24.faults import PortalError
from tests.fixtures.bitrix24_portal import (
    STAND_IN,
    TOKEN,
    WITHOUT_STAND_IN,
    StandIn,
    open_stand_in,
)
from tests.fixtures.landing_zone import Zone, open_zone

pytestmark = pytest.mark.skipif(not STAND_IN.is_file(), reason=WITHOUT_STAND_IN)

FAULTS = ["500", "html", "502", "429", "503", "truncated", "reset", "empty", "redirect", "login"]
STREAMS = ("leads", "deals", "stage_history")
SESSION = {
    "PROVIDER_ID": "IMOPENLINES_SESSION",
    "OWNER_TYPE_ID": "1",
    "OWNER_ID": "1",
    "LAST_UPDATED": "2026-10-03T09:00:00+03:00",
}


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


@pytest.fixture(autouse=True)
def _without_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_flush", lambda _: None)
    monkeypatch.setattr(journal, "_flush_folder", lambda _: None)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with open_stand_in(300) as stand_in:
        yield stand_in


def landed(zone: Zone, stand_in: StandIn) -> list[str]:
    """Fetch, and give every record that lies there, without where and when it came."""
    stand_in.fetch(zone.landing_dir)
    return records(zone)


def records(zone: Zone) -> list[str]:
    names = ("_entity", "_id", "_gone", "payload", "known")
    return sorted(
        json.dumps([line[name] for name in names], sort_keys=True) for line in lines(zone, "*")
    )


def rows_of(zone: Zone) -> dict[str, list[tuple[Any, ...]]]:
    rows = {}
    for stream in STREAMS:
        zone.load(stream)
        rows[stream] = zone.rows(
            f"select * exclude (source_file, source_line, loaded_at) from raw.{stream} order by all"
        )
    zone.assert_conserved()
    assert zone.rejects() == []
    return rows


def files(zone: Zone) -> dict[str, bytes]:
    """Everything that the landing zone would read, by path."""
    return {file.source_file: file.path.read_bytes() for file in find_files(zone.landing_dir).files}


def lines(zone: Zone, folder: str) -> list[dict[str, Any]]:
    paths = sorted((zone.landing_dir / "salon" / "bitrix24" / folder).glob("*.jsonl.gz"))
    return [
        json.loads(line)
        for path in paths
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]


def latest(zone: Zone, columns: str) -> dict[str, tuple[Any, ...]]:
    zone.load("leads")
    rows = zone.rows(
        f"select lead_id, {columns} from raw.leads "
        "qualify row_number() over (partition by lead_id order by modified_at desc) = 1"
    )
    return {row[0]: row[1:] for row in rows}


def test_everything_that_the_portal_holds_is_loaded(zone: Zone, stand_in: StandIn) -> None:
    stand_in.fetch(zone.landing_dir)
    rows = rows_of(zone)
    store = stand_in.server.store
    assert len(rows["leads"]) == len(store.leads) == 300
    assert len(rows["deals"]) == len(store.deals)
    assert len(rows["stage_history"]) == len(store.history[1]) + len(store.history[2])
    loaded = latest(zone, "status, status_semantic, session_id, phone, channel, chat_reference")
    for lead_id, lead in store.leads.items():
        semantic = {"P": "open", "S": "won", "F": "lost"}[lead["STATUS_SEMANTIC_ID"]]
        phone = lead["PHONE"][0]["VALUE"] if "PHONE" in lead else None
        chat = lead["IM"][0]["VALUE"] if "IM" in lead else None
        # The stand-in's connectors are named as their channels are; no custom field is declared.
        channel = chat.split("|")[1] if chat else None
        assert loaded[str(lead_id)] == (lead["STATUS_ID"], semantic, None, phone, channel, chat)


def test_custom_fields_are_read_by_their_names_in_the_settings(
    zone: Zone, stand_in: StandIn
) -> None:
    zone.put(
        "salon/business.yml",
        b"bitrix24: {session_id: UF_CRM_SESSION_ID, channel: UF_CRM_CHANNEL}",
    )
    stand_in.fetch(zone.landing_dir)
    loaded = latest(zone, "session_id, channel")
    # A field of a list holds the id of its item; the texts are Telegram, Whatsapp, Instagram.
    channels = {"45": "telegram", "47": "whatsapp", "49": "instagram", "": None}
    for lead_id, lead in stand_in.server.store.leads.items():
        assert loaded[str(lead_id)] == (
            lead["UF_CRM_SESSION_ID"] or None,
            channels[lead["UF_CRM_CHANNEL"]],
        )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What comes from a portal of 300 leads without a fault."""
    with open_zone(tmp_path_factory.mktemp("undisturbed")) as zone, open_stand_in(300) as stand_in:
        return landed(zone, stand_in)


@pytest.mark.parametrize("fault", FAULTS)
def test_with_a_fault_the_same_rows_come_as_without(
    zone: Zone, undisturbed: list[str], fault: str
) -> None:
    faults = [(number, fault) for number in (1, 4, 8, 12)]
    with open_stand_in(300, faults=faults) as faulty:
        assert landed(zone, faulty) == undisturbed
        assert faulty.server.stats[f"fault_{fault}"] == 4


def test_with_every_third_request_failing_the_same_rows_are_loaded(
    zone: Zone, tmp_path: Path
) -> None:
    with open_stand_in(300) as stand_in:
        stand_in.fetch(zone.landing_dir)
    (tmp_path / "other").mkdir()
    with open_zone(tmp_path / "other") as other, open_stand_in(300, fault_rate=0.33) as faulty:
        faulty.fetch(other.landing_dir)
        assert rows_of(other) == rows_of(zone)


def test_where_nothing_changed_nothing_is_written(zone: Zone, stand_in: StandIn) -> None:
    stand_in.fetch(zone.landing_dir)
    before = files(zone)
    stand_in.next_day()
    report = stand_in.fetch(zone.landing_dir)
    assert (report.written, report.gone) == ({}, {})
    assert files(zone) == before


def test_what_changed_is_written_and_nothing_else(zone: Zone, stand_in: StandIn) -> None:
    stand_in.fetch(zone.landing_dir)
    before = files(zone)
    stand_in.next_day()
    changed = next(iter(stand_in.server.store.leads))
    stand_in.server.update_lead(changed, STATUS_ID="JUNK")
    new = stand_in.server.add_lead()
    report = stand_in.fetch(zone.landing_dir)
    assert report.written["leads"] == 2
    after = files(zone)
    # Files are immutable: what was there is there, to the byte.
    assert {name: after[name] for name in before} == before
    statuses = latest(zone, "status, status_semantic")
    assert statuses[str(changed)] == ("JUNK", "lost")
    assert str(new) in statuses


def test_the_watermark_is_the_start_of_the_run_by_the_portals_clock(
    zone: Zone, stand_in: StandIn
) -> None:
    stand_in.fetch(zone.landing_dir)
    # Modified a minute before the last run began, as a slow transaction of the portal shows it.
    at = datetime.fromtimestamp(stand_in.server.now() - 60, timezone(timedelta(hours=3)))
    lead_id = list(stand_in.server.store.leads)[5]
    stand_in.server.update_lead(lead_id, at=at, TITLE="Поздно видно")
    stand_in.next_day()
    stand_in.fetch(zone.landing_dir)
    assert latest(zone, "title")[str(lead_id)] == ("Поздно видно",)


def test_a_deleted_lead_is_marked_deleted(zone: Zone, stand_in: StandIn) -> None:
    stand_in.fetch(zone.landing_dir)
    stand_in.next_day()
    gone = list(stand_in.server.store.leads)[7]
    title = stand_in.server.store.leads[gone]["TITLE"]
    stand_in.server.delete_lead(gone)
    report = stand_in.fetch(zone.landing_dir)
    assert report.gone == {"leads": 1}
    loaded = latest(zone, "title, is_deleted, merged_into")
    assert loaded[str(gone)] == (title, True, None)
    assert [key for key, row in loaded.items() if row[1]] == [str(gone)]
    # It is told once.
    stand_in.next_day()
    assert stand_in.fetch(zone.landing_dir).gone == {}


def test_a_merged_lead_names_the_one_that_it_became(zone: Zone, stand_in: StandIn) -> None:
    stand_in.fetch(zone.landing_dir)
    stand_in.next_day()
    keep, gone = [
        lead_id for lead_id, lead in stand_in.server.store.leads.items() if "PHONE" in lead
    ][:2]
    stand_in.server.merge_leads(keep, gone)
    stand_in.fetch(zone.landing_dir)
    loaded = latest(zone, "is_deleted, merged_into")
    assert loaded[str(gone)] == (True, str(keep))
    assert loaded[str(keep)] == (None, None)


def test_a_lead_that_is_back_is_not_deleted_any_more(zone: Zone, stand_in: StandIn) -> None:
    stand_in.fetch(zone.landing_dir)
    lead_id, lead = next(iter(stand_in.server.store.leads.items()))
    stand_in.next_day()
    stand_in.server.delete_lead(lead_id)
    stand_in.fetch(zone.landing_dir)
    stand_in.next_day()
    # Rights that were given back do not touch the time of modification.
    stand_in.server.store.leads = {lead_id: lead, **stand_in.server.store.leads}
    stand_in.server.store.cache.clear()
    stand_in.fetch(zone.landing_dir)
    assert latest(zone, "is_deleted")[str(lead_id)] == (None,)


def test_too_many_that_vanish_at_once_are_a_question_of_rights(
    zone: Zone, stand_in: StandIn
) -> None:
    stand_in.fetch(zone.landing_dir)
    stand_in.next_day()
    hidden = list(stand_in.server.store.leads.items())[:16]
    for lead_id, _ in hidden:
        stand_in.server.delete_lead(lead_id)
    with pytest.raises(ActionableError, match=r"16 of 300 leads are not to be seen .* right"):
        stand_in.fetch(zone.landing_dir)
    assert not any(line["_gone"] for line in lines(zone, "leads"))
    stand_in.server.store.leads = dict(hidden) | stand_in.server.store.leads
    stand_in.server.store.cache.clear()
    stand_in.fetch(zone.landing_dir)
    assert set(latest(zone, "is_deleted").values()) == {(None,)}


def test_leads_that_go_while_all_are_read_take_no_others_with_them(
    zone: Zone, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ROWS_AT_ONCE", 50)
    store = fetching_records._Records.store
    victims = list(stand_in.server.store.leads)[:20]

    def store_and_delete(self: Any, rows: Any) -> None:
        store(self, rows)
        for lead_id in victims[:3]:
            stand_in.server.delete_lead(lead_id)
        del victims[:3]

    monkeypatch.setattr(fetching_records._Records, "store", store_and_delete)
    stand_in.fetch(zone.landing_dir)
    assert set(stand_in.server.store.leads) <= {int(key) for key in latest(zone, "title")}


def test_a_run_that_broke_off_goes_on_where_it_was(
    zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ROWS_AT_ONCE", 50)
    with open_stand_in(600) as stand_in:
        expected = landed(zone, stand_in)
    (tmp_path / "other").mkdir()
    with open_zone(tmp_path / "other") as other, open_stand_in(600) as stand_in:
        with monkeypatch.context() as patch:
            expire_after(stand_in, "crm.lead.list", 2, patch)
            with pytest.raises(PortalError, match="expired"):
                stand_in.fetch(other.landing_dir)
        assert len(lines(other, "leads")) == 250
        stand_in.server.expired = False
        assert stand_in.fetch(other.landing_dir).read["leads"] == 350
        assert records(other) == expected


def expire_after(
    stand_in: StandIn, method: str, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the webhook expire once a method was called some times."""
    name = f"m_{method.replace('.', '_')}"
    answer: Callable[..., Any] = getattr(stand_in.server.engine, name)

    def counted(params: Any, start: int) -> Any:
        if stand_in.server.engine.calls[method] >= calls:
            stand_in.server.expired = True
        return answer(params, start)

    monkeypatch.setattr(stand_in.server.engine, name, counted, raising=False)


@pytest.mark.parametrize("moment", ["replace", "_flush"])
def test_whatever_breaks_while_writing_nothing_half_written_is_seen(
    zone: Zone, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path if moment == "replace" else journal, moment, fail)
        with pytest.raises(ActionableError, match="No space left on device"):
            stand_in.fetch(zone.landing_dir)
    assert files(zone) == {}
    with open_stand_in(300) as untouched:
        landed(zone, stand_in)
        assert len(lines(zone, "leads")) == len(untouched.server.store.leads)


def test_parts_that_nobody_came_to_note_are_neither_lost_nor_written_twice(
    zone: Zone, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        # The file has its name, and the journal does not know of it.
        patch.setattr(journal.Journal, "finish", die)
        patch.setattr(journal.Journal, "_save", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            stand_in.fetch(zone.landing_dir)
    before = files(zone)
    stand_in.fetch(zone.landing_dir)
    after = files(zone)
    assert {name: after[name] for name in before} == before
    assert len(lines(zone, "leads")) == 300
    steps = stand_in.server.store.history
    assert len(lines(zone, "stage_history")) == len(steps[1]) + len(steps[2])


def test_files_that_somebody_took_away_are_fetched_again(zone: Zone, stand_in: StandIn) -> None:
    expected = landed(zone, stand_in)
    for path in (zone.landing_dir / "salon/bitrix24").glob("*/*.jsonl.gz"):
        path.unlink()
    assert landed(zone, stand_in) == expected


def test_a_phone_of_the_contact_stands_for_the_leads_own(zone: Zone, stand_in: StandIn) -> None:
    leads = stand_in.server.store.leads
    bare = next(lead for lead in leads.values() if "PHONE" not in lead)
    bare["CONTACT_ID"] = "71"
    contact = {"ID": "71", "DATE_MODIFY": "2026-01-01T10:00:00+03:00", "EMAIL": []}
    stand_in.contacts = [contact | {"PHONE": [{"VALUE": "+79160000071"}]}]
    stand_in.fetch(zone.landing_dir)
    assert latest(zone, "phone, contact_id")[bare["ID"]] == ("+79160000071", "71")
    # A new number on the contact's card does not touch the lead.
    stand_in.next_day()
    at = datetime.fromtimestamp(stand_in.server.now(), timezone(timedelta(hours=3))).isoformat()
    stand_in.contacts = [contact | {"PHONE": [{"VALUE": "+79160000072"}], "DATE_MODIFY": at}]
    stand_in.fetch(zone.landing_dir)
    assert latest(zone, "phone")[bare["ID"]] == ("+79160000072",)


def history(session_id: int, *texts: tuple[str, str]) -> dict[str, Any]:
    """An answer of imopenlines.session.history.get; texts by the id of who said them."""
    return {
        "chatId": 1700 + session_id,
        "sessionId": session_id,
        "message": {
            str(session_id * 100 + number): {
                "id": str(session_id * 100 + number),
                "chatid": str(1700 + session_id),
                "senderid": sender,
                "date": f"2026-10-02T14:05:{number:02}+03:00",
                "text": text,
                "params": {"class": "bx-messenger-content-item-ol-end"} if text == "END" else [],
            }
            for number, (sender, text) in enumerate(texts)
        },
        "users": {
            "587": {"id": "587", "name": "Гость", "bot": False, "connector": True},
            "90": {"id": "90", "name": "Бот", "bot": True, "connector": False},
            "12": {"id": "12", "name": "Олег", "bot": False, "connector": False},
        },
        "chat": {"1": {"id": "1", "entityId": "telegrambot|3|5041|587"}},
        "files": {"1": {"urldownload": "https://portal/secret?signature=abc"}},
    }


def test_conversations_that_activities_name_become_messages(zone: Zone, stand_in: StandIn) -> None:
    stand_in.activities = [
        SESSION | {"ID": str(number), "ASSOCIATED_ENTITY_ID": session, "COMPLETED": completed}
        for number, (session, completed) in enumerate(
            [("321", "Y"), ("322", "N"), ("999", "Y")], start=1
        )
    ]
    stand_in.histories = {
        "321": history(
            321, ("0", "START"), ("587", "Здравствуйте"), ("90", "Чем помочь?"), ("12", "Я тут"),
            ("0", "END"),
        ),
        "322": history(322, ("587", "Ещё вопрос")),
    }  # fmt: skip
    report = stand_in.fetch(zone.landing_dir)
    # One session is not to be seen by the webhook's user: told, and the others come.
    assert [each for each in report.refused if "conversations" in each] == [
        "salon: no messages of 1 conversations, such as 999"
    ]
    zone.load("messages")
    assert zone.rows(
        "select session_id, channel, chat_id, user_id, sender, kind, body, operator_id "
        "from raw.messages order by session_id, sequence"
    ) == [
        ("bitrix24-321", "telegram", "5041", "587", "system", "service", "START", None),
        ("bitrix24-321", "telegram", "5041", "587", "customer", "text", "Здравствуйте", None),
        ("bitrix24-321", "telegram", "5041", "587", "bot", "text", "Чем помочь?", None),
        ("bitrix24-321", "telegram", "5041", "587", "operator", "text", "Я тут", "12"),
        ("bitrix24-321", "telegram", "5041", "587", "system", "service", "END", None),
        ("bitrix24-322", "telegram", "5041", "587", "customer", "text", "Ещё вопрос", None),
    ]
    assert zone.rows("select session_id, event, event_at::varchar from raw.session_events") == [
        ("bitrix24-321", "closed", "2026-10-02 11:05:04")
    ]
    assert "signature" not in json.dumps(lines(zone, "messages"))
    # What goes on in an open conversation comes although its activity was not touched.
    stand_in.next_day()
    stand_in.histories["322"] = history(322, ("587", "Ещё вопрос"), ("12", "Слушаю"))
    stand_in.fetch(zone.landing_dir)
    zone.load("messages")
    assert zone.values("select count(distinct message_id) from raw.messages") == [7]


def test_bookings_bear_the_stage_of_their_deal_and_go_when_they_are_cancelled(
    zone: Zone, stand_in: StandIn
) -> None:
    start = int(stand_in.server.now()) + 3600
    period = {"from": {"timestamp": start, "timezone": "Europe/Moscow"}}
    stand_in.bookings = [
        {"id": number, "name": "Стрижка", "resourceIds": [1], "datePeriod": period}
        for number in (15, 16)
    ]
    deal_id, deal = next(iter(stand_in.server.store.deals.items()))
    stand_in.links = {15: [{"entityTypeId": "DEAL", "moduleId": "crm", "value": str(deal_id)}]}
    stand_in.clients = {
        number: [{"id": 71, "type": {"code": "CONTACT", "module": "crm"}}] for number in (15, 16)
    }
    zone.put("salon/business.yml", b"bitrix24: {visit_arrived: 'C9:CAME'}")
    stand_in.fetch(zone.landing_dir)
    stand_in.next_day()
    deal["STAGE_ID"] = "C9:CAME"
    del stand_in.bookings[1]
    stand_in.fetch(zone.landing_dir)
    zone.load("bookings")
    assert zone.rows(
        "select booking_id, deal_id, contact_id, service, status, epoch(starts_at)::int "
        "from raw.bookings order by booking_id, modified_at"
    ) == [
        ("15", str(deal_id), "71", "Стрижка", "booked", start),
        ("15", str(deal_id), "71", "Стрижка", "arrived", start),
        ("16", None, "71", "Стрижка", "booked", start),
        ("16", None, "71", "Стрижка", "cancelled", start),
    ]


def test_where_there_are_no_leads_the_deals_are_the_leads(zone: Zone, stand_in: StandIn) -> None:
    stand_in.mode = 2
    stand_in.contacts = [
        {
            "ID": "5",
            "DATE_MODIFY": "2026-01-01T00:00:00+03:00",
            "PHONE": [{"VALUE": "+79160000005"}],
        }
    ]
    for deal in stand_in.server.store.deals.values():
        deal["CONTACT_ID"] = "5"
    stand_in.fetch(zone.landing_dir)
    rows = rows_of(zone)
    deals = {f"deal-{deal_id}" for deal_id in stand_in.server.store.deals}
    assert set(latest(zone, "phone").items()) == {(deal, ("+79160000005",)) for deal in deals}
    assert set(zone.values("select lead_id from raw.deals")) == deals
    assert len(rows["deals"]) == len(deals)


def test_rights_that_were_not_given_are_told_and_the_rest_comes(zone: Zone) -> None:
    with open_stand_in(60, scope=("crm",)) as stand_in:
        report = stand_in.fetch(zone.landing_dir)
    assert report.refused == [
        "salon: no operators (insufficient_scope)",
        "salon: no bookings (insufficient_scope)",
    ]
    assert len(lines(zone, "leads")) == 60


def test_what_codes_mean_and_who_works_there_is_kept_beside(zone: Zone, stand_in: StandIn) -> None:
    stand_in.users = [
        {"ID": str(number), "NAME": "Олег", "ACTIVE": True} for number in range(1, 72)
    ]
    stand_in.pipelines = [{"id": 5, "name": "Клиника"}]
    stand_in.fetch(zone.landing_dir)
    assert len([line for line in lines(zone, "_reference") if line["_entity"] == "users"]) == 71
    pipelines = {deal["CATEGORY_ID"] for deal in stand_in.server.store.deals.values()}
    assert "5" in pipelines
    zone.load("deals")
    assert zone.values("select distinct pipeline from raw.deals order by 1") == ["0", "Клиника"]
    known = [line["known"] for line in lines(zone, "leads")]
    assert {"Недозвон", "Качественный лид"} <= {each.get("status") for each in known}


def test_the_secret_is_nowhere(
    zone: Zone, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stand_in.fetch(zone.landing_dir)
    assert caplog.text == ""
    for path in zone.landing_dir.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            assert TOKEN.encode() not in content
            assert b"127.0.0.1" not in content


def test_two_at_a_time_do_not_fetch_one_business(zone: Zone, stand_in: StandIn) -> None:
    (zone.landing_dir / "salon/bitrix24").mkdir(parents=True)
    with (zone.landing_dir / "salon/bitrix24/_lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ActionableError, match="Another process is fetching"):
            stand_in.fetch(zone.landing_dir)
