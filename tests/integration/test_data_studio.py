import csv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from pydantic import SecretStr

from orchestration.config import read_settings
from orchestration.data_studio import GUIDES, Field, Locale, read_fields, with_fields
from orchestration.data_studio_links import Source, blank_link, describe_links, template_link
from orchestration.errors import ActionableError
from orchestration.publish.release import open_release
from orchestration.publish.sheets import publish_sheets
from orchestration.publish.sheets_access import SheetsPlace
from tests.integration.conftest import AS_OF, DemoRun
from tests.servers.google_sheets import Google, Spreadsheet, run_google


@pytest.fixture(scope="module")
def fields() -> list[Field]:
    return read_fields()


@pytest.mark.parametrize("locale", list(GUIDES))
def test_the_guide_holds_the_fields_that_follow_from_the_registry(
    fields: list[Field], locale: Locale
) -> None:
    guide = GUIDES[locale].read_text(encoding="utf-8")

    assert guide == with_fields(guide, fields, locale), (
        "run `python -m orchestration.data_studio` and commit the guides"
    )
    assert "`SUM(handoff_sessions) / SUM(bot_sessions)`" in guide


def test_every_field_computes_over_any_days_what_the_scorecard_has_for_the_period(
    fields: list[Field], demo_run: DemoRun
) -> None:
    """The formulas are also SQL, but for 0 / 0, which Data Studio shows as nothing."""
    with duckdb.connect(str(demo_run.exports / "marts.duckdb"), read_only=True) as connection:
        compared = 0
        for field in fields:
            if not field.formula:
                continue
            differing = connection.execute(
                f"""
                select business_id, period, scorecard.value, daily.value
                from marts.rpt_scorecard as scorecard
                inner join (
                    select
                        business_id,
                        period,
                        if(isfinite(({field.formula})::double), {field.formula}, null) as value
                    from marts.rpt_kpi_daily
                    inner join marts.dim_periods using (business_id)
                    where session_date between period_start and period_end
                    group by all
                ) as daily using (business_id, period)
                where kpi = '{field.kpi}'
                    and coalesce(abs(scorecard.value - daily.value) > 1e-9, true)
                    and not (scorecard.value is null and daily.value is null)
                """
            ).fetchall()
            assert differing == [], field.kpi
            compared += 1
    assert compared >= 10


def test_every_kpi_has_a_formula_or_a_reason_why_not(fields: list[Field]) -> None:
    path = Path(__file__).parents[2] / "seeds/kpis.csv"
    with path.open(encoding="utf-8", newline="") as file:
        registry = {row["kpi"]: row for row in csv.DictReader(file)}

    assert [field.kpi for field in fields] == list(registry)
    assert all(bool(field.formula) != bool(field.reason) for field in fields)
    assert {field.reason for field in fields if registry[field.kpi]["kind"] == "quantile"} == {
        "quantile"
    }


def queried(link: str) -> dict[str, str]:
    parts = urlsplit(link)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        "https://lookerstudio.google.com/reporting/create"
    )
    return {name: value for name, [value] in parse_qs(parts.query, strict_parsing=True).items()}


def test_a_blank_report_takes_one_source_and_no_alias() -> None:
    source = Source("rpt_scorecard", {"connector": "googleSheets", "worksheetId": "7"})

    assert queried(blank_link("salon & co", source)) == {
        "c.mode": "edit",
        "r.reportName": "salon & co",
        "ds.connector": "googleSheets",
        "ds.worksheetId": "7",
        "ds.datasourceName": "salon & co rpt_scorecard",
    }


def test_a_template_takes_every_source_under_its_tables_name() -> None:
    sources = [Source(table, {"connector": "bigQuery", "tableId": table}) for table in ("a", "b")]

    assert queried(template_link("salon", sources, "1234")) == {
        "c.reportId": "1234",
        "c.mode": "edit",
        "r.reportName": "salon",
        "ds.a.connector": "bigQuery",
        "ds.a.tableId": "a",
        "ds.a.datasourceName": "salon a",
        "ds.b.connector": "bigQuery",
        "ds.b.tableId": "b",
        "ds.b.datasourceName": "salon b",
    }


@pytest.fixture
def google() -> Iterator[Google]:
    with run_google() as service:
        yield service


def test_links_name_the_worksheets_and_tables_that_there_are(
    google: Google, demo_run: DemoRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.spreadsheets = {"the-sheet": Spreadsheet()}
    for name, value in {
        "EXPORT_DIR": str(demo_run.exports),
        "GOOGLE_SHEETS_CREDENTIALS": google.service_account(),
        "GOOGLE_SHEETS_ENDPOINT": google.address,
        "GOOGLE_SHEET_SALON_LIME": "the-sheet",
        "BIGQUERY_PROJECT": "my-project",
    }.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    with open_release(demo_run.warehouse, AS_OF) as release:
        key = SecretStr(google.service_account())
        publish_sheets(release, SheetsPlace(key, settings.google_sheets(), google.address))

    lines = list(describe_links(settings))

    salon = lines[lines.index("salon_lime · Google Sheets") + 1 :]
    links = dict(line.split(maxsplit=1) for line in salon[: salon.index("")])
    gids = {sheet.title: str(sheet.gid) for sheet in google.spreadsheets["the-sheet"].worksheets}
    assert {table: queried(link)["ds.worksheetId"] for table, link in links.items()} == {
        title: gid for title, gid in gids.items() if title != "Sheet1"
    }
    assert "trainer_baltic · Google Sheets" not in lines
    trainer = lines[lines.index("trainer_baltic · BigQuery") + 1 :]
    [daily] = [line for line in trainer[: trainer.index("")] if "rpt_kpi_daily" in line]
    source = queried(daily.split(maxsplit=1)[1])
    assert (source["ds.datasetId"], source["ds.tableId"]) == ("kpi_trainer_baltic", "rpt_kpi_daily")
    [link] = [line for line in describe_links(settings, "1234") if "salon_lime+rpt_score" in line][
        :1
    ]
    assert queried(link.strip())["ds.rpt_scorecard.worksheetId"] == gids["rpt_scorecard"]
    assert google.service_account().splitlines()[0] not in "".join(lines)


def test_without_exports_or_an_address_the_command_says_what_to_do(
    demo_run: DemoRun, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("BIGQUERY_PROJECT", raising=False)
    monkeypatch.setenv("EXPORT_DIR", str(tmp_path))
    with pytest.raises(ActionableError, match="run `make run` first"):
        list(describe_links(read_settings()))

    monkeypatch.setenv("EXPORT_DIR", str(demo_run.exports))
    with pytest.raises(ActionableError, match="Neither Google Sheets nor BigQuery"):
        list(describe_links(read_settings()))
