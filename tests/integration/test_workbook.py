import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.config import Locale
from orchestration.publish.pages.contents import Contents, Table
from orchestration.publish.pages.layout import layout
from orchestration.publish.pages.words import words
from orchestration.publish.pages.workbook import render_workbook
from tests.integration.conftest import DemoRun
from tests.integration.shown_figures import Marts

SALON = "salon_lime"
BUSINESSES = ("clinic_neva", SALON, "trainer_baltic")
PERIOD = "last_28_days"
HOSTILE = '=HYPERLINK("http://x","1")</script> \' \u2028 +1 @SUM(A1)'


@pytest.fixture(scope="module")
def marts(demo_run: DemoRun) -> Marts:
    return Marts(str(demo_run.exports / "marts.duckdb"))


@pytest.fixture(scope="module")
def books(demo_run: DemoRun) -> dict[str, Any]:
    return {
        business: load_workbook(demo_run.exports / business / "kpi.xlsx") for business in BUSINESSES
    }


def filled(sheet: Worksheet) -> Iterator[Cell]:
    for row in sheet.iter_rows():
        yield from (cell for cell in row if cell.value is not None)


def sheet_names(locale: Locale) -> list[str]:
    texts = words(locale)
    return [
        texts["pages"]["overview"]["short"],
        texts["trends"],
        texts["pages"]["when"]["short"],
        *(texts["pages"][page]["short"] for page in layout()),
        texts["all_periods"],
        texts["tables"]["dictionary"],
    ]


def plain(value: object) -> object:
    """A cell or a value of a report with the digits that a workbook keeps: sixteen."""
    match value:
        case datetime():
            return value.date().isoformat()
        case float():
            return float(f"{value:.16g}")
        case _:
            return value


def below(sheet: Worksheet, heading: int) -> Iterator[dict[str, Any]]:
    """The rows of a table by heading, from the row of its headings to the first empty row."""
    titles = {cell.column: str(cell.value) for cell in sheet[heading] if cell.value is not None}
    for row in sheet.iter_rows(min_row=heading + 1):
        values = {cell.column: cell.value for cell in row if cell.value is not None}
        if not values:
            return
        yield {title: plain(values.get(place)) for place, title in titles.items()}


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_there_is_a_sheet_per_page_in_the_readers_language(marts: Marts, locale: Locale) -> None:
    book = load_workbook(BytesIO(render_workbook(marts.contents(SALON), locale)))

    assert book.sheetnames == sheet_names(locale)
    assert all(sheet.page_setup.orientation == "landscape" for sheet in book)
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage for sheet in book)


def test_headings_stay_in_sight(books: dict[str, Any]) -> None:
    frozen = {sheet.title: sheet.freeze_panes for sheet in books[SALON]}

    overview, trends, _, *_, all_periods, dictionary = sheet_names("ru")
    assert frozen[overview] == frozen[trends] == frozen[dictionary] == "B4"
    assert frozen[all_periods] == "C4"
    for page, tables in layout().items():
        name = words("ru")["pages"][page]["short"]
        assert frozen[name] == ("B5" if len(tables) == 1 else None), page


@pytest.mark.parametrize("business", BUSINESSES)
def test_the_scorecard_of_every_period_is_the_reports_own(
    books: dict[str, Any], marts: Marts, business: str
) -> None:
    columns = words("ru")["columns"]
    rows = marts.rows(
        """
        select
            dim_periods.name_ru as period, dim_kpis.name_ru as kpi, value, lower, upper,
            rpt_scorecard.target, previous_value, change, share_mature,
            rpt_scorecard.numerator, rpt_scorecard.denominator, is_change_significant
        from exported.rpt_scorecard
        join exported.dim_kpis using (kpi)
        join exported.dim_periods using (business_id, period)
        where business_id = $business
        """,
        business=business,
    )
    expected = {(row["period"], row["kpi"]): row for row in rows}

    shown = list(below(books[business][sheet_names("ru")[-2]], 3))

    assert len(shown) == len(expected)
    for row in shown:
        of_report = expected[row[columns["period"]], row[columns["kpi"]]]
        for name in (
            "value",
            "target",
            "previous_value",
            "change",
            "share_mature",
            "numerator",
            "denominator",
        ):
            assert row[columns[name]] == plain(of_report[name]), (row, name)
        assert row[f"{columns['value']}, от"] == plain(of_report["lower"])
        assert row[f"{columns['value']}, до"] == plain(of_report["upper"])
        assert (
            row[columns["is_change_significant"]]
            == {True: "да", False: "нет", None: None}[of_report["is_change_significant"]]
        )


@pytest.mark.parametrize("business", BUSINESSES)
def test_every_table_of_a_page_is_the_reports_own(
    books: dict[str, Any], marts: Marts, business: str
) -> None:
    texts = words("ru")
    seen = 0
    for page, tables in layout().items():
        sheet = books[business][texts["pages"][page]["short"]]
        titles = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
        for table in tables:
            at = titles[texts["tables"][table["title"]]]
            rows = marts.table(business, PERIOD, table)
            if not rows:
                assert sheet.cell(at + 1, 1).value == texts["nothing"], table["title"]
                continue
            shown = Counter(
                tuple(row.get(heading) for heading, _ in figures(table))
                for row in below(sheet, at + 1)
            )
            expected = Counter(
                tuple(plain(row[name]) for _, name in figures(table)) for row in rows
            )
            assert shown <= expected, table["title"]
            assert shown.total() == min(table.get("limit", len(rows)), len(rows)), table["title"]
            seen += shown.total()
    assert seen > 60


def figures(table: dict[str, Any]) -> list[tuple[str, str]]:
    """Headings and columns of the cells that hold what the report holds, and no word for it."""
    columns = words("ru")["columns"]
    found = []
    for column in table["columns"]:
        if column["unit"] in ("words", "named", "light", "yes"):
            continue
        heading = columns[column.get("label", column["name"])]
        found.append((heading, column["name"].replace("{locale}", "ru")))
        if "lower" in column:
            found += [(f"{heading}, от", column["lower"]), (f"{heading}, до", column["upper"])]
    return found


def test_days_and_hours_are_those_of_the_marts(books: dict[str, Any], marts: Marts) -> None:
    _, trends, when, *_ = sheet_names("ru")
    days = marts.rows(
        """
        select session_date, qualified_sessions, unanswered_sessions, handoff_sessions,
            converted_sessions
        from exported.fct_days where business_id = $business and dimension = 'all'
        order by session_date
        """,
        business=SALON,
    )
    columns = words("ru")["columns"]
    assert list(below(books[SALON][trends], 3)) == [
        {columns[name]: value for name, value in day.items()} for day in days
    ]

    hours = marts.rows(
        """
        select weekday, hour, sessions, unanswered_sessions from exported.rpt_speed_heatmap
        where business_id = $business and period = $period
        """,
        business=SALON,
        period=PERIOD,
    )
    assert hours
    sheet = books[SALON][when]
    for row in hours:
        assert sheet.cell(3 + row["weekday"], 2 + row["hour"]).value == row["sessions"]
        assert sheet.cell(13 + row["weekday"], 2 + row["hour"]).value == row["unanswered_sessions"]


def test_each_figure_has_the_format_of_its_unit(books: dict[str, Any]) -> None:
    sheet = books[SALON][sheet_names("ru")[0]]
    formats = {
        sheet.cell(row, 1).value: sheet.cell(row, 2).number_format
        for row in range(4, sheet.max_row + 1)
    }

    assert formats["Обращения"] == "#,##0"
    assert formats["Ответ в срок"] == "0.0%"
    assert formats["Время до первого ответа, медиана"] == '#,##0.0" с"'
    assert formats["Оценка визита"] == "0.00"
    assert formats["NPS"] == "0.0"
    day = books[SALON][sheet_names("ru")[1]]["A4"]
    assert (day.number_format, isinstance(day.value, datetime | date)) == ("dd.mm.yyyy", True)


def hostile(contents: Contents) -> Contents:
    """All texts of the reports are hostile but those by which rows are chosen."""
    kept = {
        "period",
        "kpi",
        "channel",
        "dimension",
        "status",
        "verdict",
        "loss_reason",
        "step",
        "direction",
        "kind",
        "unit",
    }

    def rewritten(table: Table) -> Table:
        dates = {
            name for name in table.columns if name.endswith(("_date", "_at", "_start", "_end"))
        }
        return Table(
            table.columns,
            tuple(
                tuple(
                    HOSTILE if isinstance(cell, str) and name not in kept | dates else cell
                    for name, cell in zip(table.columns, row, strict=True)
                )
                for row in table.rows
            ),
        )

    return replace(
        contents,
        business={**contents.business, "name": HOSTILE},
        tables={name: rewritten(table) for name, table in contents.tables.items()},
    )


def test_no_cell_is_a_formula_or_a_link_whatever_its_text(
    books: dict[str, Any], marts: Marts
) -> None:
    made = load_workbook(BytesIO(render_workbook(hostile(marts.contents(SALON)), "ru")))
    texts = [cell.value for sheet in made for cell in filled(sheet)]

    assert texts.count(HOSTILE) > 100
    for book in (made, *books.values()):
        for sheet in book:
            assert not sheet._hyperlinks
            assert {cell.data_type for cell in filled(sheet)} <= {"s", "n", "d"}, sheet.title


def test_the_same_contents_give_the_same_bytes(marts: Marts, demo_run: DemoRun) -> None:
    contents = marts.contents(SALON)

    assert render_workbook(contents, "ru") == render_workbook(marts.contents(SALON), "ru")
    assert (demo_run.exports / SALON / "kpi.xlsx").read_bytes() == render_workbook(contents, "ru")


@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="there is no LibreOffice to open a workbook with: "
    "apt-get install libreoffice-calc-nogui poppler-utils fonts-dejavu-core",
)
def test_an_office_opens_the_workbook_and_shows_the_headline_figures(
    demo_run: DemoRun, marts: Marts, tmp_path: Path
) -> None:
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            str(demo_run.exports / SALON / "kpi.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    printed = subprocess.run(
        ["pdftotext", "-layout", "-l", "1", str(tmp_path / "kpi.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    rows = marts.rows(
        """
        select name_ru, dim_kpis.kind, dim_kpis.unit, value from exported.rpt_scorecard
        join exported.dim_kpis using (kpi)
        where business_id = $business and period = $period and is_headline and value is not null
        """,
        business=SALON,
        period=PERIOD,
    )
    assert len(rows) >= 8
    for row in rows:
        match row["unit"]:
            case _ if row["kind"] == "count":
                figure = f"{row['value']:,.0f}"
            case "rate":
                figure = f"{row['value'] * 100:.1f}%"
            case "seconds":
                figure = f"{row['value']:,.1f} с"
            case "score":
                figure = f"{row['value']:.2f}"
            case _:
                figure = f"{row['value']:,.1f}"
        assert re.search(rf"{row['name_ru']} +{re.escape(figure)}\s", printed), (row, figure)
