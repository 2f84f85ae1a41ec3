"""The destination Google Sheets: the real client against a service that behaves as documented."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import gspread
import pytest
from gspread.exceptions import APIError
from pydantic import SecretStr

from orchestration.config import read_settings
from orchestration.delivering import to_google_sheets
from orchestration.errors import ActionableError
from orchestration.publish.offers import Delivered
from orchestration.publish.release import open_release
from orchestration.publish.sheets import publish_sheets
from orchestration.publish.sheets_access import SheetsPlace, open_client
from orchestration.publish.sheets_client import Pace
from tests.fixtures.personal_data import personal_data_in
from tests.integration.conftest import AS_OF
from tests.servers.google_sheets import EMAIL, Google, Spreadsheet, Worksheet, run_google

PublishTo = Callable[..., Delivered]
BOTH = {"SALON": "salon-sheet", "CLINIC": "clinic-sheet"}
SALON = {"SALON": "salon-sheet"}


@pytest.fixture
def google() -> Iterator[Google]:
    with run_google() as service:
        yield service


class Naps:
    """Sleeps that last no time and are remembered; after the third, `then` happens."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.then: Callable[[], None] = lambda: None

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) == 3:
            self.then()


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def publish_to(google: Google, marts_warehouse: Path, naps: Naps) -> PublishTo:
    """Publish the small warehouse to both spreadsheets, after an optional change of its marts."""

    def run(
        change: str | None = None,
        spreadsheets: dict[str, str] = BOTH,
        as_of: datetime = AS_OF,
        key: str | None = None,
    ) -> Delivered:
        if change:
            with duckdb.connect(str(marts_warehouse)) as connection:
                connection.execute(change)
        place = SheetsPlace(
            SecretStr(key or google.service_account()),
            spreadsheets,
            google.address,
            Pace(sleep=naps),
            google.most_cells,
        )
        with open_release(marts_warehouse, as_of) as release:
            return publish_sheets(release, place)

    return run


def tables(spreadsheet: Spreadsheet) -> dict[str, list[list[object]]]:
    return {sheet.title: sheet.table() for sheet in spreadsheet.worksheets}


def gids(spreadsheet: Spreadsheet) -> dict[str, int]:
    return {sheet.title: sheet.gid for sheet in spreadsheet.worksheets}


def test_each_business_gets_a_worksheet_per_report_and_a_dictionary(
    publish_to: PublishTo, google: Google
) -> None:
    told = publish_to()

    salon = google.spreadsheets["salon-sheet"]
    assert list(tables(salon)) == ["Sheet1", "rpt_funnel", "dictionary"]
    assert tables(salon)["rpt_funnel"] == [
        ["business_id", "period_start", "step", "rate"],
        ["salon", 46296, "-12.5", 0.25],
        ["salon", 46296, "=1+1", 0.25],
        ["salon", 46296, "заявка", 0.25],
        ["salon", 46296, "", 0.25],
    ]
    assert salon.by_title("rpt_funnel").formats == {0: "TEXT", 1: "DATE", 2: "TEXT", 3: ""}
    assert (salon.by_title("rpt_funnel").rows, salon.by_title("rpt_funnel").columns) == (5, 4)
    assert {row[0] for row in tables(google.spreadsheets["clinic-sheet"])["rpt_funnel"][1:]} == {
        "clinic"
    }
    assert (told.sent, told.unchanged, told.remarks) == (4, 0, ())
    assert google.tokens_given == 1


def test_the_serial_number_of_a_date_is_that_of_google() -> None:
    # Google's own example: 1900-01-01 12:00 is 2.5; 2026-10-01 is 46296 days after 1899-12-30.
    assert (datetime(2026, 10, 1, tzinfo=UTC) - datetime(1899, 12, 30, tzinfo=UTC)).days == 46296


def test_every_kind_of_value_arrives_as_it_can_be_shown(
    publish_to: PublishTo, google: Google
) -> None:
    publish_to(
        """
        create table marts.rpt_types as
            select
                'salon' as business_id,
                true as flag,
                9007199254740992 as exact_integer,
                9007199254740993 as large_integer,
                -170141183460469231731687303715884105727::hugeint as huge,
                1.25::decimal(10, 2) as money,
                timestamp '1900-01-01 12:00:00' as moment,
                null::double as nothing,
                [1, 2] as list,
                repeat('ы', 60000) as text
        """
    )

    sheet = google.spreadsheets["salon-sheet"].by_title("rpt_types")
    assert sheet.table()[1] == [
        *("salon", True, 9007199254740992, "9007199254740993"),
        *("-170141183460469231731687303715884105727", 1.25, 2.5, "", "[1, 2]", "ы" * 50_000),
    ]
    assert sheet.formats[6] == "DATE_TIME"


def test_no_text_of_a_customer_becomes_a_formula(publish_to: PublishTo, google: Google) -> None:
    texts = ['=IMPORTXML("http://a.b")', "+7 900 000-00-00", "@x", "\ttab", "-1", "'=1"]
    values = ", ".join("('" + text.replace("'", "''") + "')" for text in texts)
    publish_to(
        "create table marts.rpt_texts as select 'salon' as business_id, text "
        f"from (values {values}) as texts(text)"
    )

    sheet = google.spreadsheets["salon-sheet"].by_title("rpt_texts")
    assert {row[1] for row in sheet.table()[1:]} == set(texts)
    assert not [value for value in sheet.cells.values() if isinstance(value, dict)]
    assert sheet.formats[1] == "TEXT"
    raw = [json.loads(body) for body in google.bodies]
    assert {body["valueInputOption"] for body in raw if "valueInputOption" in body} == {"RAW"}


def test_the_dictionary_says_in_two_languages_what_the_kpis_are(
    publish_to: PublishTo, google: Google
) -> None:
    publish_to(
        """
        create table marts.dim_kpis as
            select
                'nps' as kpi, 'НПС' as name_ru, 'NPS' as name_en, 'points' as unit,
                'higher' as direction, 'Кто порекомендует.' as definition_ru,
                'Who recommends.' as definition_en, 2::bigint as position
            union all
            select 'sessions', 'Обращения', 'Sessions', 'count', 'neutral', 'Все.', 'All.', 1
        """
    )

    rows = tables(google.spreadsheets["salon-sheet"])["dictionary"]
    assert rows[:3] == [
        [
            *("entry", "name", "name_ru", "name_en", "unit", "direction"),
            *("definition_ru", "definition_en"),
        ],
        ["kpi", "sessions", "Обращения", "Sessions", "count", "neutral", "Все.", "All."],
        ["kpi", "nps", "НПС", "NPS", "points", "higher", "Кто порекомендует.", "Who recommends."],
    ]
    assert rows[-1][-2:] == [
        "Данные на 2026-11-01 00:00 UTC.",
        "Figures as of 2026-11-01 00:00 UTC.",
    ]


def test_a_second_run_of_the_same_marts_writes_nothing_whatever_the_time(
    publish_to: PublishTo, google: Google
) -> None:
    publish_to()
    before = len(google.writes)

    told = publish_to(as_of=datetime(2026, 11, 2, tzinfo=UTC))

    assert len(google.writes) == before
    assert (told.sent, told.unchanged) == (0, 4)


def test_a_page_that_changes_keeps_its_number_and_the_others_are_not_sent(
    publish_to: PublishTo, google: Google
) -> None:
    publish_to("create table marts.rpt_other as from marts.rpt_funnel")
    salon = google.spreadsheets["salon-sheet"]
    before = gids(salon)
    google.bodies.clear()

    told = publish_to("delete from marts.rpt_funnel where step = '=1+1' and business_id = 'salon'")

    assert gids(salon) == before
    # The dictionary says from when the figures are.
    assert (told.sent, told.unchanged) == (2, 4)
    assert len(salon.by_title("rpt_funnel").table()) == 4
    assert salon.by_title("rpt_funnel").rows == 4
    assert not [body for body in google.bodies if "rpt_other" in body and "worksheet" not in body]


def test_a_report_that_is_no_more_goes_and_an_empty_one_stays_with_its_header(
    publish_to: PublishTo, google: Google
) -> None:
    publish_to("create table marts.rpt_other as from marts.rpt_funnel")

    publish_to("drop table marts.rpt_other; delete from marts.rpt_funnel")

    found = tables(google.spreadsheets["salon-sheet"])
    assert sorted(found) == ["Sheet1", "dictionary", "rpt_funnel"]
    assert found["rpt_funnel"] == [["business_id", "period_start", "step", "rate"]]


def test_worksheets_of_somebody_else_are_never_touched(
    publish_to: PublishTo, google: Google
) -> None:
    salon = google.spreadsheets["salon-sheet"]
    mine = Worksheet(7, "RPT_funnel", cells={(0, 0): "mine", (5, 5): "=A1"})
    salon.worksheets.append(mine)

    publish_to()
    publish_to("delete from marts.rpt_funnel where step = '=1+1'")

    assert salon.by_gid(7) == Worksheet(7, "RPT_funnel", cells={(0, 0): "mine", (5, 5): "=A1"})
    assert "rpt_funnel (2)" in tables(salon)
    salon.by_title("rpt_funnel (2)").title = "Воронка"
    publish_to("delete from marts.rpt_funnel where step = 'заявка'")
    assert len(tables(salon)["Воронка"]) == 3


def test_a_reader_sees_all_of_one_refresh_at_any_moment(
    publish_to: PublishTo, google: Google
) -> None:
    names = [f"rpt_{number}" for number in range(3)]

    def change(number: int) -> str:
        # Each report of another length, so that a mixture would show.
        return "; ".join(
            f"create or replace table marts.{name} as select 'salon' as business_id, "
            f"{number} as refresh from range({10 + number})"
            for name in names
        )

    publish_to(change(0), SALON)
    key = json.loads(google.service_account())
    place = SheetsPlace(SecretStr(""), {}, google.address, Pace(writes=10**6))
    client = open_client(key, place)
    faults: list[object] = []
    seen: set[object] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            answer = client.values_batch_get("salon-sheet", names)
            pages = [one["values"][1:] for one in answer["valueRanges"]]
            refreshes = {row[1] for page in pages for row in page}
            [refresh, *others] = refreshes
            if others or {len(page) for page in pages} != {10 + int(refresh)}:
                faults.append(pages)
            seen.add(refresh)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 12):
        publish_to(change(number), SALON)
    done.set()
    reader.join()

    assert faults == []
    assert len(seen) > 2


@pytest.mark.parametrize("fault", [408, 429, 500, 502, 503, "cut", "lost"])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_what_passes_is_tried_again_and_what_was_done_is_not_done_twice(
    publish_to: PublishTo, google: Google, naps: Naps, fault: int | str, position: int
) -> None:
    google.faults.extend([None] * position + [fault])

    publish_to(spreadsheets=SALON)

    assert list(tables(google.spreadsheets["salon-sheet"])) == [
        *("Sheet1", "rpt_funnel", "dictionary")
    ]
    assert len(tables(google.spreadsheets["salon-sheet"])["rpt_funnel"]) == 5
    assert naps.seconds


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_failure_that_does_not_pass_leaves_the_old_content_and_is_mended_next_time(
    publish_to: PublishTo, google: Google, naps: Naps, position: int
) -> None:
    publish_to(spreadsheets=SALON)
    salon = google.spreadsheets["salon-sheet"]
    before = tables(salon)
    google.faults.extend([None] * position + [503] * 7)

    with pytest.raises(ActionableError, match="the spreadsheet is as it was"):
        publish_to("delete from marts.rpt_funnel where step = '=1+1'", SALON)

    visible = {sheet.title for sheet in salon.worksheets if not sheet.hidden}
    assert {title: tables(salon)[title] for title in visible} == before
    # About a minute, not an hour: six pauses, each about twice as long as the one before.
    assert len(naps.seconds) == 6
    assert 20 < sum(naps.seconds) < 100
    publish_to(spreadsheets=SALON)
    assert set(tables(salon)) == set(before)
    assert len(tables(salon)["rpt_funnel"]) == 4


def test_one_spreadsheet_that_cannot_be_written_keeps_nobody_from_the_other(
    publish_to: PublishTo, google: Google
) -> None:
    google.spreadsheets["clinic-sheet"].is_shared = False

    with pytest.raises(ActionableError) as told:
        publish_to()

    assert str(told.value) == (
        "Google Sheets: the spreadsheet of clinic (GOOGLE_SHEET_CLINIC) may not be written by "
        f"{EMAIL}: open it, press Share and make that address an editor (or enable the Google "
        "Sheets API in the key's project); Google says: The caller does not have permission; the "
        "spreadsheet is as it was."
    )
    assert "rpt_funnel" in tables(google.spreadsheets["salon-sheet"])


def test_a_spreadsheet_that_does_not_exist_and_a_name_that_nobody_has_are_told(
    publish_to: PublishTo,
) -> None:
    with pytest.raises(ActionableError, match="copy the part between /d/ and /edit"):
        publish_to(spreadsheets={"SALON": "nowhere"})

    assert publish_to(spreadsheets=SALON | {"SALLON": "salon-sheet"}).remarks == (
        "GOOGLE_SHEET_SALLON names no business of the marts",
    )


def test_what_google_asks_to_wait_is_waited(
    publish_to: PublishTo, google: Google, naps: Naps
) -> None:
    google.writes_allowed, google.window_seconds = 0, 17
    naps.then = lambda: setattr(google, "writes_allowed", 1000)

    publish_to(spreadsheets=SALON)

    assert naps.seconds == [17, 17, 17]
    assert google.refusals == [429, 429, 429]


def test_no_more_writes_a_minute_are_sent_than_a_service_account_may() -> None:
    now = [0.0]
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    pace = Pace(clock=lambda: now[0], sleep=sleep)
    moments = []
    for _ in range(150):
        pace.wait()
        moments.append(now[0])
        now[0] += 0.1

    assert waited
    assert all(late - early > 59.999 for early, late in zip(moments, moments[60:], strict=False))
    assert moments[59] < 6


def test_a_report_that_is_too_long_is_summed_up_by_month_from_the_oldest_days_on(
    publish_to: PublishTo, google: Google
) -> None:
    google.most_cells = 27_000
    told = publish_to(
        """
        create table marts.rpt_kpi_daily as
            select
                'salon' as business_id,
                date '2026-01-01' + day::integer as session_date,
                channel,
                1::bigint as sessions,
                0.1::double as paid_amount,
            from range(120) as days(day), (values ('web'), (null)) as channels(channel)
        """,
        SALON,
    )

    rows = tables(google.spreadsheets["salon-sheet"])["rpt_kpi_daily"][1:]
    dates = [row[1] for row in rows]
    january, february, march = 46023, 46054, 46082
    assert [row[1:] for row in rows[:2]] == [
        [january, "web", 31, 3.1],
        [january, "", 31, 3.1],
    ]
    assert sum(int(str(row[3])) for row in rows) == 240
    # There is room for 88 rows: with March by day there would be 126, with it summed up 66 remain.
    april = 46113
    assert [day for day in dates if day < april] == [
        january,
        january,
        february,
        february,
        march,
        march,
    ]
    assert len([day for day in dates if day >= april]) == 60
    [remark] = told.remarks
    assert "rpt_kpi_daily of salon: Days before 2026-04-01 are summed up by month" in remark
    said = {row[1]: row[6:] for row in tables(google.spreadsheets["salon-sheet"])["dictionary"]}
    assert "сложены по месяцам" in str(said["rpt_kpi_daily"][0])
    assert "are summed up by month" in str(said["rpt_kpi_daily"][1])


def test_reports_that_cannot_be_made_to_fit_are_told_and_nothing_is_changed(
    publish_to: PublishTo, google: Google
) -> None:
    google.most_cells = 27_000

    with pytest.raises(ActionableError, match="as rpt_long has 4,002: delete large worksheets"):
        publish_to(
            "create table marts.rpt_long as select 'salon' as business_id, number "
            "from range(2000) as numbers(number)",
            SALON,
        )

    assert google.writes == []


def test_a_long_report_is_written_in_several_requests_and_arrives_whole(
    publish_to: PublishTo, google: Google
) -> None:
    publish_to(
        "create table marts.rpt_long as select 'salon' as business_id, number, "
        "repeat('ы', 20) as text from range(70000) as numbers(number)",
        SALON,
    )

    sheet = google.spreadsheets["salon-sheet"].by_title("rpt_long")
    assert [row[1] for row in sheet.table()[1:]] == list(range(70_000))
    assert len([name for name in google.writes if name == "values:batchUpdate"]) > 2
    assert max(map(len, google.bodies)) < 2_000_000


def test_a_key_that_google_does_not_know_is_told_and_shown_nowhere(
    publish_to: PublishTo, google: Google
) -> None:
    with run_google() as other:
        key = json.loads(other.service_account())
    key["token_uri"] = f"{google.address}/token"

    with pytest.raises(ActionableError, match=f"does not accept the key of {EMAIL}") as told:
        publish_to(key=json.dumps(key))

    assert not [line for line in key["private_key"].splitlines()[1:-1] if line in str(told.value)]
    assert google.writes == []


@pytest.mark.parametrize(
    "key", ["/nowhere/key.json", '{"client_email": "a", "private_key": "hunter2"', "{}"]
)
def test_a_key_that_is_none_is_told_and_shown_nowhere(publish_to: PublishTo, key: str) -> None:
    with pytest.raises(ActionableError, match="is not the JSON key of a service") as told:
        publish_to(key=key)

    assert "hunter2" not in str(told.value)


def test_a_key_with_a_broken_private_key_is_told_and_shown_nowhere(
    publish_to: PublishTo, google: Google
) -> None:
    key = json.loads(google.service_account()) | {"private_key": "hunter2-is-no-key"}

    with pytest.raises(ActionableError, match="a private key that cannot be read") as told:
        publish_to(key=json.dumps(key))

    assert "hunter2" not in repr(told.value.__cause__) + str(told.value)


def test_half_a_configuration_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GOOGLE_SHEET")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GOOGLE_SHEET_SALON", "salon-sheet")

    with pytest.raises(ActionableError, match="set GOOGLE_SHEETS_CREDENTIALS too"):
        to_google_sheets(read_settings())


def test_nothing_personal_arrives(google: Google, demo_warehouse: Path) -> None:
    with open_release(demo_warehouse, AS_OF) as release:
        businesses = [
            str(name)
            for (name,) in release.connection.execute(
                "select business_id from dim_businesses"
            ).fetchall()
        ]
        google.spreadsheets = {business: Spreadsheet() for business in businesses}
        place = SheetsPlace(
            SecretStr(google.service_account()),
            {business.upper(): business for business in businesses},
            google.address,
        )
        told = publish_sheets(release, place)

    # In JSON a letter that is not Latin is a number: what was sent is read, not searched.
    received = "\n".join(
        str(value)
        for body in google.bodies
        for part in json.loads(body).get("data", ())
        for row in part["values"]
        for value in row
    )
    assert told.rows > 1000
    assert len(received) > 100_000
    assert personal_data_in(received) == set()


def test_the_service_of_the_tests_refuses_what_google_refuses(google: Google) -> None:
    key = json.loads(google.service_account())
    client = open_client(key, SheetsPlace(SecretStr(""), {}, google.address, Pace()))
    spreadsheet = gspread.Client(auth=client.auth, http_client=lambda *_: client).open_by_key(
        "salon-sheet"
    )

    for request in (
        {"deleteSheet": {"sheetId": 0}},
        {"addSheet": {"properties": {"sheetId": 1, "title": "sheet1", "gridProperties": {}}}},
    ):
        with pytest.raises(APIError):
            spreadsheet.batch_update({"requests": [request]})
    client.values_batch_update(
        "salon-sheet",
        {
            "valueInputOption": "USER_ENTERED",
            "data": [{"range": "'Sheet1'!A1", "values": [["=1+1"]]}],
        },
    )

    assert google.spreadsheets["salon-sheet"].by_gid(0).table() == [
        [{"formula": "=1+1"}, *[""] * 25]
    ]
