"""`make doctor` on real folders, a real warehouse, and servers on loopback."""

import json
import os
import shutil
import socket
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pytest
from rich.console import Console

from orchestration.config import PROJECT_DIR, read_settings
from orchestration.doctor.__main__ import examine, print_findings, secrets_of, told
from orchestration.doctor.findings import Finding, State
from orchestration.doctor.surroundings import examine_environment
from orchestration.doctor.words import AREAS, SAYINGS
from orchestration.lock import only_refresh
from tests.fixtures.bitrix24_portal import (
    EVERY_SCOPE,
    STAND_IN,
    TOKEN,
    WITHOUT_STAND_IN,
    open_stand_in,
)
from tests.fixtures.landing_zone import as_jsonl, message
from tests.integration.conftest import DemoRun, Places, Publish
from tests.servers.google_sheets import EMAIL, Spreadsheet, run_google
from tests.servers.postgres import (
    ADMIN_PASSWORD,
    WRITER_PASSWORD,
    NoServerError,
    Server,
    run_server,
)
from tests.servers.telegram import telegram_server

Examine = Callable[..., list[tuple[State, str]]]
GOOD, WARNING, WRONG, ABSENT = State


@pytest.fixture
def examined(places: Places, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """What is found in one area, in English, with these variables in the environment."""

    def run(area: str, **variables: str) -> list[tuple[State, str]]:
        for name, value in places.environment(**variables).items():
            monkeypatch.setenv(name, value)
        found = [finding for finding in examine(read_settings()) if finding.area == area]
        return [(finding.state, told(finding, "en")) for finding in found]

    return run


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(places: Places, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestration.doctor", *arguments],
        cwd=PROJECT_DIR,
        env=places.environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


def put(path: Path, content: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def put_messages(places: Places, business: str) -> None:
    path = places.landing / business / "generic" / "messages" / "a.jsonl"
    put(path, as_jsonl([message(1)]).decode())


# --- The command ----------------------------------------------------------------------------------


def test_a_place_where_nothing_happened_yet_has_warnings_and_fails_nobody(places: Places) -> None:
    run = command(places, "--locale", "en")
    assert (run.returncode, run.stderr) == (0, "")
    assert "There is no" in run.stdout
    assert "Nothing is broken; warnings: " in run.stdout
    for area in AREAS.values():
        assert area["en"] in run.stdout


def test_it_speaks_russian_by_default_and_says_each_state_in_words(places: Places) -> None:
    put(places.landing / "salon" / "business.yml", "timezone: Europe/Atlantis\n")
    run = command(places)
    assert run.returncode == 1
    for text in ("✗ исправьте", "! внимание", "✓ в порядке", "– не настроено", "Исправить: 1"):
        assert text in run.stdout


def test_a_variable_that_cannot_be_used_is_told_and_fails(places: Places) -> None:
    run = command(places, "--locale", "en", AS_OF="yesterday")
    assert (run.returncode, run.stderr) == (1, "")
    assert "AS_OF='yesterday'" in run.stdout


def test_no_password_token_webhook_or_key_is_printed(places: Places, closed_port: int) -> None:
    address = f"127.0.0.1:{closed_port}"
    with run_google() as google:
        key = google.service_account().replace(google.address, f"http://{address}")
    secrets = {
        "PSEUDONYM_KEY": "pseudonym-secret-1",
        "POSTGRES_READER_PASSWORD_SALON": "reader-secret-2",
        "TELEGRAM_BOT_TOKEN": "12345:telegram-secret-3",
        "GOOGLE_SHEETS_CREDENTIALS": key,
        "BIGQUERY_CREDENTIALS": key,
    }
    run = command(
        places,
        **secrets,
        POSTGRES_URL=f"postgresql://writer:post%2Fgres-secret-4@{address}/shop",
        BITRIX24_WEBHOOK_SALON=f"http://{address}/rest/1/bitrix-secret-5/",
        TELEGRAM_CHAT_SALON="42",
        TELEGRAM_ENDPOINT=f"http://{address}",
        GOOGLE_SHEET_SALON="sheet",
        GOOGLE_SHEETS_ENDPOINT=f"http://{address}",
        BIGQUERY_PROJECT="shop-project",
        BIGQUERY_ENDPOINT=f"http://{address}",
    )
    assert run.returncode == 1
    private = json.loads(key)["private_key"].splitlines()[1:-1]
    shown = run.stdout + run.stderr
    for secret in (*secrets.values(), "post%2Fgres-secret-4", "post/gres-secret-4", *private):
        assert secret not in shown
    assert "secret" not in shown
    assert "key-of-the-tests" not in shown


def test_what_an_error_quotes_is_blacked_out(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "PSEUDONYM_KEY": "pseudonym-1",
        "POSTGRES_URL": "postgresql://writer:post%2Fgres-4@host/shop",
        "POSTGRES_READER_PASSWORD_SALON": "reader-2",
        "TELEGRAM_BOT_TOKEN": "12345:token-3",
        "BITRIX24_WEBHOOK_SALON": "https://portal.example/rest/1/code-5/",
        "BIGQUERY_CREDENTIALS": '{"private_key": "key-6"}',
    }
    for name, value in places.environment(**given).items():
        monkeypatch.setenv(name, value)
    quoted = [*given.values(), "post/gres-4", "post%2Fgres-4", "code-5"]
    findings = [Finding("tools", WRONG, "as_told", {"told": f"it says {one}"}) for one in quoted]
    console = Console(record=True, width=200, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    print_findings(console, findings, "en", secrets_of(read_settings()))
    shown = console.export_text()
    assert shown.count("it says ***") == len(quoted)
    assert not any(secret in shown for secret in quoted)


def test_both_languages_say_the_same_of_the_same_things() -> None:
    def fields(text: str) -> set[str]:
        return {name.split("!")[0] for _, name, _, _ in string.Formatter().parse(text) if name}

    for name, saying in SAYINGS.items():
        assert saying.keys() == {"ru", "en"}, name
        assert fields(saying["ru"]) == fields(saying["en"]), name


# --- The environment ------------------------------------------------------------------------------


def test_a_fixed_time_and_misspelt_names_in_the_env_file_are_warned_of(tmp_path: Path) -> None:
    env_file = put(
        tmp_path / ".env",
        "AS_OF=2026-11-01\nPOSTGRESS_URL=x\nGOOGLE_SHEET_SALON=x\nEXPORT_DIR=exports\n",
    )
    found = {one.says: one for one in examine_environment(read_settings(), env_file)}
    assert found["as_of_fixed"].state is WARNING
    assert found["unknown_variables"].values == {"names": "POSTGRESS_URL"}
    assert found["env_file"].values["variables"] == 4


def test_a_missing_key_is_a_warning_once_tables_are_sent(examined: Examine) -> None:
    assert examined("environment")[-1][0] is ABSENT
    assert examined("environment", BIGQUERY_PROJECT="shop")[-1][0] is WARNING
    assert examined("environment", PSEUDONYM_KEY="so-secret")[-1][0] is GOOD


def test_the_schedule_is_told_or_refused(examined: Examine) -> None:
    assert examined("schedule")[0][0] is GOOD
    [zone, cron] = examined("schedule", NIGHTLY_CRON="at night", NIGHTLY_TIMEZONE="Mars/Base")
    assert (zone[0], cron[0]) == (WRONG, WRONG)
    assert "NIGHTLY_TIMEZONE='Mars/Base'" in zone[1]
    assert "NIGHTLY_CRON='at night'" in cron[1]


# --- The landing zone -----------------------------------------------------------------------------


def test_each_business_is_told_and_wrong_settings_are_told_by_their_own_reader(
    examined: Examine, places: Places
) -> None:
    put_messages(places, "clinic")
    put(places.landing / "clinic" / "business.yml", "name: Нева\n")
    put_messages(places, "salon")
    put(places.landing / "salon" / "business.yml", "session_gap: 3\n")
    (places.landing / "trainer").mkdir()
    place, clinic, salon, trainer = examined("landing")
    assert place == (GOOD, f"{places.landing}: 3 businesses")
    assert clinic == (GOOD, "clinic (Нева), business.yml is read; files: generic (1)")
    assert salon[0] is WRONG
    assert f"{places.landing}/salon/business.yml" in salon[1]
    assert "session_gap_minutes" in salon[1]
    assert trainer[0] is WARNING
    assert "trainer: not one file that anybody reads" in trainer[1]


def test_files_that_nobody_reads_are_warned_of_by_reason(examined: Examine, places: Places) -> None:
    put_messages(places, "salon")
    for name in ("a.txt", "salon/fax/a.json", "salon/generic/poems/a.csv"):
        put(places.landing / name)
    put(places.landing / "salon" / "generic" / "messages" / "a.docx")
    found = {text for state, text in examined("landing") if state is WARNING}
    for file in ("a.txt", "salon/fax/a.json", "salon/generic/poems/a.csv"):
        assert any(f": {file}." in text for text in found), file
    assert any("salon/generic/messages/a.docx" in text for text in found)
    assert len(found) == 4


def test_a_landing_zone_that_is_not_there_is_wrong(examined: Examine, places: Places) -> None:
    places.landing.rmdir()
    [(state, text)] = examined("landing")
    assert state is WRONG
    assert f"The landing zone {places.landing} does not exist" in text


# --- Portals --------------------------------------------------------------------------------------


def test_a_webhook_without_a_folder_and_a_portal_that_is_not_there(
    examined: Examine, places: Places, closed_port: int
) -> None:
    put_messages(places, "salon-lime")
    url = f"http://127.0.0.1:{closed_port}/rest/1/{TOKEN}/"
    assert [state for state, _ in examined("portals", BITRIX24_WEBHOOK_SALON_LIME=url)] == [WRONG]
    stranger, *silent = examined("portals", BITRIX24_WEBHOOK_SALOON=url)
    assert stranger[0] is WARNING
    assert f"a refresh will make {places.landing}/saloon" in stranger[1]
    assert [state for state, _ in silent] == [WRONG, WRONG]
    assert "SALOON: the portal does not answer" in silent[1][1]


def test_a_webhook_that_is_none_is_wrong(examined: Examine) -> None:
    found = examined("portals", BITRIX24_WEBHOOK_SALON="https://portal.example/crm")
    assert found[-1][0] is WRONG
    assert "is not of the form" in found[-1][1]


@pytest.mark.skipif(not STAND_IN.exists(), reason=WITHOUT_STAND_IN)
@pytest.mark.parametrize(
    ("given", "state"),
    [(EVERY_SCOPE, GOOD), (("crm", "user"), WARNING), (("user",), WRONG)],
)
def test_a_portal_says_which_rights_its_webhook_has(
    examined: Examine, places: Places, given: tuple[str, ...], state: State
) -> None:
    put_messages(places, "salon")
    with open_stand_in(1, scope=(*given, "scope")) as portal:
        portal.server.engine.m_scope = lambda _params, _start: {"result": list(given)}
        [(found, text)] = examined("portals", BITRIX24_WEBHOOK_SALON=portal.url)
    assert found is state
    for right in set(EVERY_SCOPE) - set(given):
        assert right in text


# --- Warehouse and exports ------------------------------------------------------------------------


def make_warehouse(places: Places, as_of: datetime, begun: int = 2, ended: int | None = 2) -> None:
    with duckdb.connect(str(places.warehouse)) as connection:
        connection.execute("create schema raw; create schema refresh")
        connection.execute("create table raw.refresh_context (as_of timestamp)")
        connection.execute("insert into raw.refresh_context values (?)", [as_of])
        connection.execute(f"create table refresh.scope as select {begun} as number")
        number = "null::bigint" if ended is None else str(ended)
        connection.execute(f"create table refresh.built as select {number} as number")


def states(found: list[tuple[State, str]]) -> list[State]:
    return [state for state, _ in found]


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def test_a_warehouse_of_today_is_fine(examined: Examine, places: Places) -> None:
    make_warehouse(places, now() - timedelta(hours=35))
    found = examined("warehouse")
    assert WRONG not in states(found)
    assert not any("more than a day and a half" in text for _, text in found)


def test_a_warehouse_that_nobody_refreshed_lately_is_old(examined: Examine, places: Places) -> None:
    make_warehouse(places, now() - timedelta(hours=50))
    state, text = examined("warehouse")[-1]
    assert state is WARNING
    assert "(2 d 2 h)" in text


@pytest.mark.parametrize("ended", [1, None])
def test_a_build_that_did_not_end_is_wrong(
    examined: Examine, places: Places, ended: int | None
) -> None:
    make_warehouse(places, now(), ended=ended)
    assert any(state is WRONG and "did not end" in text for state, text in examined("warehouse"))


def test_a_step_that_failed_is_told_with_its_log(examined: Examine, places: Places) -> None:
    make_warehouse(places, now())
    log = put(
        places.folder / "dagster" / "logs" / "refresh.log",
        "2026-11-01 00:00:00,000 INFO orchestration: exports starts\n"
        "2026-11-01 00:00:01,000 ERROR orchestration: exports failed\n",
    )
    [(_, text)] = [one for one in examined("warehouse") if one[0] is WRONG]
    assert "Failed in the last refresh: exports." in text
    assert str(log) in text
    an_hour_ago = log.stat().st_mtime - 3600
    os.utime(log, (an_hour_ago, an_hour_ago))
    assert WRONG not in states(examined("warehouse"))


def test_a_refresh_that_runs_is_not_disturbed(examined: Examine, places: Places) -> None:
    make_warehouse(places, now())
    home = places.folder / "dagster"
    home.mkdir()
    with only_refresh(home):
        assert examined("warehouse")[-1] == (
            WARNING,
            "A refresh is running: look again when it has ended.",
        )


def test_files_that_are_no_warehouse_are_wrong(examined: Examine, places: Places) -> None:
    put(places.warehouse, "a poem, and longer than a header of a file would be" * 100)
    assert examined("warehouse")[-1][0] is WRONG
    places.warehouse.unlink()
    with duckdb.connect(str(places.warehouse)) as connection:
        connection.execute("create table poems (line varchar)")
    state, text = examined("warehouse")[-1]
    assert state is WRONG
    assert "shows no trace of a refresh" in text


def test_a_refreshed_demo_has_everything(
    demo_run: DemoRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in demo_run.environment().items():
        monkeypatch.setenv(name, value)
    findings = [*examine(read_settings())]
    assert not [told(one, "en") for one in findings if one.state is WRONG]
    exports = [told(one, "en") for one in findings if one.area == "exports"]
    assert exports[0] == f"{demo_run.exports}: 3 businesses, as of 2026-11-01 00:00 UTC"
    assert "dashboard.html, digest.txt, kpi.xlsx" in exports[1]
    assert len(exports) == 4


def test_files_that_are_missing_from_the_exports_are_named(
    examined: Examine, publish: Publish
) -> None:
    publish()
    found = [text for state, text in examined("exports") if state is WRONG]
    # This small warehouse gives no pages.
    assert [text.split(".")[0] for text in found] == ["clinic: dashboard", "salon: dashboard"]


def test_exports_that_nobody_can_write_are_wrong(examined: Examine, places: Places) -> None:
    put(places.exports, "a file where a folder should be")
    assert examined("exports")[0][0] is WRONG


# --- Destinations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "variables", "missing"),
    [
        ("postgres", {"POSTGRES_READER_PASSWORD_SALON": "secret"}, "POSTGRES_URL"),
        ("google_sheets", {"GOOGLE_SHEET_SALON": "id"}, "GOOGLE_SHEETS_CREDENTIALS"),
        ("google_sheets", {"GOOGLE_SHEETS_CREDENTIALS": "{}"}, "GOOGLE_SHEET_<BUSINESS>"),
        ("bigquery", {"BIGQUERY_PROJECT": "shop"}, "BIGQUERY_CREDENTIALS"),
        ("bigquery", {"BIGQUERY_CREDENTIALS": "{}"}, "BIGQUERY_PROJECT"),
        ("telegram", {"TELEGRAM_BOT_TOKEN": "1:a"}, "TELEGRAM_CHAT_<BUSINESS>"),
        ("telegram", {"TELEGRAM_CHAT_SALON": "42"}, "TELEGRAM_BOT_TOKEN"),
    ],
)
def test_half_a_destination_says_what_is_missing(
    examined: Examine, area: str, variables: dict[str, str], missing: str
) -> None:
    [(state, text)] = examined(area, **variables)
    assert state is WRONG
    assert f"{missing} is missing" in text


def test_a_destination_that_nobody_wants_says_what_it_would_need(examined: Examine) -> None:
    for area in ("portals", "postgres", "google_sheets", "bigquery", "telegram"):
        [(state, text)] = examined(area)
        assert state is ABSENT
        assert ".env" in text


def test_a_database_that_is_not_there_is_wrong(examined: Examine, closed_port: int) -> None:
    url = f"postgresql://writer:pass@127.0.0.1:{closed_port}/shop"
    [(state, text)] = examined("postgres", POSTGRES_URL=url)
    assert state is WRONG
    assert "Connection refused" in text
    [(state, text)] = examined("postgres", POSTGRES_URL="postgresql://writer:pa ss@/x?y=z")
    assert state is WRONG
    assert "POSTGRES_URL is no address" in text


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        with run_server() as running:
            with running.admin("postgres") as admin:
                admin.execute("create database shop")
                admin.execute("create role writer login")
                admin.execute(f"alter role writer password '{WRITER_PASSWORD}'")
            yield running
    except NoServerError as error:
        pytest.skip(str(error))


def test_a_database_tells_its_version_and_what_its_user_may_not(
    examined: Examine, places: Places, server: Server
) -> None:
    put_messages(places, "salon")
    writer = server.url("writer", WRITER_PASSWORD, "shop")
    password = {"POSTGRES_READER_PASSWORD_SALOON": "secret"}
    reached, schemas, roles, stranger = examined("postgres", POSTGRES_URL=writer, **password)
    assert reached[0] is GOOD
    assert "database shop, user writer, 0 schemas of ours" in reached[1]
    assert schemas[0] is WRONG
    assert "GRANT CREATE ON DATABASE shop TO writer" in schemas[1]
    assert roles[0] is WARNING
    assert "ALTER ROLE writer CREATEROLE" in roles[1]
    assert stranger[0] is WARNING
    assert "POSTGRES_READER_PASSWORD_SALOON names no" in stranger[1]


def test_a_database_whose_user_may_everything_is_fine_and_a_wrong_password_is_not(
    examined: Examine, server: Server
) -> None:
    admin = server.url("admin", ADMIN_PASSWORD, "shop")
    assert states(examined("postgres", POSTGRES_URL=admin)) == [GOOD]
    [(state, text)] = examined("postgres", POSTGRES_URL=server.url("admin", "guessed", "shop"))
    assert state is WRONG
    assert "password authentication failed" in text
    assert "guessed" not in text


def test_spreadsheets_are_opened_one_by_one(examined: Examine, places: Places) -> None:
    for business in ("salon", "clinic"):
        put_messages(places, business)
    with run_google() as google:
        google.spreadsheets = {
            "open": Spreadsheet(),
            "closed": Spreadsheet(is_shared=False),
        }
        found = examined(
            "google_sheets",
            GOOGLE_SHEETS_CREDENTIALS=google.service_account(),
            GOOGLE_SHEETS_ENDPOINT=google.address,
            GOOGLE_SHEET_SALON="open",
            GOOGLE_SHEET_CLINIC="closed",
            GOOGLE_SHEET_TRAINER="open",
        )
        assert google.bodies == []
    assert states(found) == [WRONG, GOOD, GOOD, WARNING]
    assert EMAIL in found[0][1]
    assert found[1][1] == "SALON: the spreadsheet opens, 0 worksheets of ours."
    assert "GOOGLE_SHEET_TRAINER names no" in found[3][1]


@pytest.fixture
def project() -> Iterator[str]:
    """A project that answers datasets.list as BigQuery's documentation has it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path.startswith("/bigquery/v2/projects/shop/datasets")
            names = ["kpi_salon", "somebody_elses"]
            datasets = [
                {
                    "kind": "bigquery#dataset",
                    "id": f"shop:{name}",
                    "datasetReference": {"projectId": "shop", "datasetId": name},
                }
                for name in names
            ]
            refusal = {"error": {"code": 403, "message": "Access Denied", "errors": []}}
            body = json.dumps({"datasets": datasets} if known else refusal).encode()
            self.send_response(200 if known else 403)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_project_of_bigquery_is_asked_for_its_datasets(
    examined: Examine, project: str, closed_port: int
) -> None:
    assert examined("bigquery", BIGQUERY_PROJECT="shop", BIGQUERY_ENDPOINT=project) == [
        (GOOD, "The project shop answers, 1 datasets of ours.")
    ]
    [(state, text)] = examined("bigquery", BIGQUERY_PROJECT="other", BIGQUERY_ENDPOINT=project)
    assert state is WRONG
    assert "Access Denied" in text
    nowhere = f"http://127.0.0.1:{closed_port}"
    [(state, _)] = examined("bigquery", BIGQUERY_PROJECT="shop", BIGQUERY_ENDPOINT=nowhere)
    assert state is WRONG


def test_a_bot_is_asked_who_it_is_and_which_chats_it_sees(
    examined: Examine, places: Places
) -> None:
    for business in ("clinic", "salon"):
        put_messages(places, business)
    with telegram_server("1:right", {"42"}) as bot:
        chats = {"TELEGRAM_CHAT_SALON": "42", "TELEGRAM_CHAT_CLINIC": "43"}
        given = {"TELEGRAM_ENDPOINT": bot.endpoint, "TELEGRAM_BOT_TOKEN": "1:right", **chats}
        assert examined("telegram", **given) == [
            (GOOD, "The bot answers: @kpi_bot."),
            (
                WRONG,
                "CLINIC: the bot does not see the chat (Bad Request: chat not found). Add the bot "
                "to it, and check TELEGRAM_CHAT_CLINIC.",
            ),
            (GOOD, "SALON: the bot sees the chat."),
        ]
        assert bot.said == []
        shutil.rmtree(places.landing / "clinic")
        assert examined("telegram", **given)[-1][0] is WRONG
        [(state, text)] = examined("telegram", **given | {"TELEGRAM_BOT_TOKEN": "1:wrong"})
    assert state is WRONG
    assert "(Unauthorized)" in text
