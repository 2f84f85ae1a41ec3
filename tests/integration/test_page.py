from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from orchestration.config import Locale
from orchestration.publish.pages.contents import Contents, Table
from orchestration.publish.pages.layout import layout
from orchestration.publish.pages.page import render_page
from tests.browser import chromium, open_browser
from tests.integration.conftest import DemoRun
from tests.integration.shown_figures import Marts

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no chromium: apt-get install chromium"
)

BUSINESSES = ("clinic_neva", "salon_lime", "trainer_baltic")
SALON = "salon_lime"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> =1+1 \"'`&amp; <!-- \u2028 я"
)


@dataclass
class Opened:
    """A page that is open, and all it said and asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def tiles(self) -> dict[str, float | None]:
        found = self.page.evaluate(
            """[...document.querySelectorAll('.tile')].map((tile) =>
                [tile.dataset.kpi, tile.querySelector('[data-value]').dataset.value])"""
        )
        return {kpi: number(value) for kpi, value in found}

    def tables(self) -> dict[str, list[tuple[str, ...]]]:
        """Values of the cells of each table by its title; headings are the columns' names."""
        found: dict[str, list[list[str]]] = self.page.evaluate(
            """Object.fromEntries([...document.querySelectorAll('table:not(.heat)')].map((table) =>
                [table.caption.textContent, [...table.tBodies[0].rows].map((row) =>
                    [...row.cells].map((cell) => cell.dataset.value))]))"""
        )
        return {title: [tuple(row) for row in rows] for title, rows in found.items()}

    def focused(self) -> str:
        found: str = self.page.evaluate("document.activeElement.id")
        return found

    def tab_to(self, place: str) -> None:
        for _ in range(20):
            self.page.keyboard.press("Tab")
            if self.focused() == place:
                return
        raise AssertionError(f"no way to {place} by the keyboard")

    def unfold(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")

    def overflow(self) -> int:
        found: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return found


def number(text: str) -> float | None:
    return float(text) if text else None


def attribute(value: object) -> str:
    """A cell of a report as the attribute of an element."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            # As JavaScript writes a number: the shortest text that gives it back.
            return repr(float(value)).removesuffix(".0")
        case _:
            return str(value)


def same_numbers(row: tuple[str, ...]) -> tuple[object, ...]:
    def as_number(text: str) -> object:
        try:
            return float(text)
        except ValueError:
            return text

    return tuple(map(as_number, row))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def marts(demo_run: DemoRun) -> Marts:
    return Marts(str(demo_run.exports / "marts.duckdb"))


def open_page(
    browser: Browser, file: Path, viewport: ViewportSize = DESK, scheme: Any = "light"
) -> Opened:
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    opened = Opened(context.new_page())
    opened.page.on(
        "console",
        lambda message: (
            opened.complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("dialog", lambda dialog: opened.complaints.append(dialog.message))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => { window.atOnce =
            [...document.querySelectorAll('[data-value]')].map((one) => one.dataset.value); });"""
    )
    opened.page.goto(file.as_uri())
    return opened


@pytest.fixture(scope="module")
def opened_pages(browser: Browser, demo_run: DemoRun) -> Iterator[dict[str, Opened]]:
    pages = {
        business: open_page(browser, demo_run.exports / business / "dashboard.html")
        for business in BUSINESSES
    }
    yield pages
    for opened in pages.values():
        opened.page.context.close()


@pytest.fixture
def salon(browser: Browser, demo_run: DemoRun) -> Iterator[Opened]:
    opened = open_page(browser, demo_run.exports / SALON / "dashboard.html")
    yield opened
    opened.page.context.close()


@pytest.mark.parametrize("business", BUSINESSES)
def test_the_page_opens_whole_at_once_and_needs_nothing_else(
    opened_pages: dict[str, Opened], demo_run: DemoRun, business: str
) -> None:
    opened = opened_pages[business]
    file = demo_run.exports / business / "dashboard.html"

    assert file.stat().st_size < 5 * 10**6
    assert opened.requests == [file.as_uri()]
    assert opened.complaints == []
    at_once, later = opened.page.evaluate(
        "[atOnce, [...document.querySelectorAll('[data-value]')].map((one) => one.dataset.value)]"
    )
    assert at_once == later
    assert len(opened.tiles()) > 20
    assert opened.page.locator("main section").count() == len(layout()) + 2
    assert opened.page.get_by_text("[object").count() == 0


@pytest.mark.parametrize("business", BUSINESSES)
def test_every_figure_of_every_period_is_the_reports_own(
    opened_pages: dict[str, Opened], marts: Marts, business: str
) -> None:
    opened, contents = opened_pages[business], marts.contents(business)
    words = opened.page.evaluate("texts.tables")

    for period in marts.periods(business):
        opened.page.select_option("#period", period)

        assert opened.tiles() == marts.values(business, period), period
        tables = opened.tables()
        for table in (table for tables in layout().values() for table in tables):
            rows = marts.table(business, period, table)
            names = [column["name"].replace("{locale}", "ru") for column in table["columns"]]
            expected = Counter(
                same_numbers(tuple(attribute(row[name]) for name in names)) for row in rows
            )
            shown = Counter(map(same_numbers, tables.get(words[table["title"]], [])))
            assert shown <= expected, (period, table["title"])
            assert shown.total() == min(table.get("limit", len(rows)), len(rows)), table["title"]
        assert hours(opened) == {
            (row["weekday"], row["hour"]): (row["sessions"], row["unanswered_sessions"])
            for row in marts.rows(
                """
                select weekday, hour, sessions, unanswered_sessions from exported.rpt_speed_heatmap
                where business_id = $business and period = $period
                """,
                business=business,
                period=period,
            )
        }, period
    assert opened.complaints == []
    assert contents.business["name"] == opened.page.inner_text("h1")


def hours(opened: Opened) -> dict[tuple[int, int], tuple[float, float]]:
    """What the two heat maps show by weekday and hour: sessions, and those without an answer."""
    maps: list[list[list[str]]] = opened.page.evaluate(
        """[...document.querySelectorAll('table.heat')].map((table) =>
            [...table.tBodies[0].rows].map((row) =>
                [...row.querySelectorAll('td')].map((cell) => cell.dataset.value)))"""
    )
    if not maps:
        return {}
    sessions, unanswered = maps
    return {
        (weekday + 1, hour): (float(value), float(unanswered[weekday][hour]))
        for weekday, row in enumerate(sessions)
        for hour, value in enumerate(row)
        if value
    }


def test_the_tiles_of_a_segment_are_those_of_the_report(salon: Opened, marts: Marts) -> None:
    found = marts.rows(
        """
        select dimension, segment from exported.rpt_segments
        where business_id = $business and period = 'last_28_days' and kpi = 'sessions'
        qualify row_number() over (partition by dimension order by segment) <= 2
        order by all
        """,
        business=SALON,
    )
    for row in found:
        salon.page.select_option("#dimension", row["dimension"])
        salon.page.select_option("#segment", row["segment"])

        assert salon.tiles() == marts.segment_values(SALON, "last_28_days", **row), row
    assert len({row["dimension"] for row in found}) == 7
    assert salon.complaints == []


def test_a_channel_narrows_the_funnel_and_the_losses(salon: Opened, marts: Marts) -> None:
    salon.page.select_option("#dimension", "channel")
    salon.page.select_option("#segment", "telegram")

    for table in layout()["where"]:
        title = salon.page.evaluate(f"texts.tables.{table['title']}")
        rows = marts.table(SALON, "last_28_days", table, "telegram")
        names = [column["name"] for column in table["columns"]]
        assert rows
        assert Counter(map(same_numbers, salon.tables()[title])) == Counter(
            same_numbers(tuple(attribute(row[name]) for name in names)) for row in rows
        )


def test_all_choices_can_be_made_by_the_keyboard_alone(salon: Opened, marts: Marts) -> None:
    keyboard = salon.page.keyboard
    keyboard.press("Tab")
    assert salon.page.evaluate("document.activeElement.className") == "skip"

    salon.tab_to("period")
    before = salon.page.input_value("#period")
    keyboard.press("ArrowDown")
    period = salon.page.input_value("#period")
    assert (before, period) == ("last_28_days", "last_90_days")
    assert salon.focused() == "period"
    assert salon.tiles() == marts.values(SALON, period)

    salon.tab_to("dimension")
    keyboard.press("ArrowDown")
    assert salon.focused() == "dimension"
    dimension = salon.page.input_value("#dimension")
    salon.tab_to("segment")
    keyboard.press("ArrowDown")
    segment = salon.page.input_value("#segment")
    assert salon.focused() == "segment"
    assert segment
    assert salon.tiles() == marts.segment_values(SALON, period, dimension, segment)

    salon.tab_to("theme")
    keyboard.press("Enter")
    assert salon.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert salon.focused() == "theme"


def test_what_was_opened_stays_open_when_another_period_is_chosen(salon: Opened) -> None:
    salon.page.locator("#more > summary").click()
    salon.page.select_option("#period", "last_7_days")

    assert salon.page.locator("#more").get_attribute("open") is not None


def test_the_colours_are_those_of_the_system_until_the_button_is_pressed(
    browser: Browser, demo_run: DemoRun
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = (
        open_page(browser, demo_run.exports / SALON / "dashboard.html", scheme=scheme)
        for scheme in ("light", "dark")
    )
    seen = {"light": light.page.evaluate(ground), "dark": dark.page.evaluate(ground)}
    light.page.click("#theme")
    dark.page.click("#theme")

    assert seen["light"] != seen["dark"]
    assert light.page.evaluate(ground) == seen["dark"]
    assert dark.page.evaluate(ground) == seen["light"]
    light.page.context.close()
    dark.page.context.close()


@pytest.mark.parametrize("business", BUSINESSES)
def test_a_phone_shows_the_page_without_scrolling_sideways(
    browser: Browser, demo_run: DemoRun, business: str
) -> None:
    opened = open_page(browser, demo_run.exports / business / "dashboard.html", PHONE)

    assert opened.overflow() <= 0
    opened.unfold()
    assert opened.overflow() <= 0
    opened.page.context.close()


@cache
def axe() -> str:
    [folder] = axe_playwright_python.__path__
    return (Path(folder) / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(DESK, "light"), (DESK, "dark"), (PHONE, "light")],
    ids=["light", "dark", "phone"],
)
def test_axe_finds_nothing_serious(
    browser: Browser, demo_run: DemoRun, viewport: ViewportSize, scheme: str
) -> None:
    opened = open_page(browser, demo_run.exports / SALON / "dashboard.html", viewport, scheme)
    opened.unfold()
    opened.page.evaluate(axe())

    found = opened.page.evaluate("axe.run({ resultTypes: ['violations'] })")

    assert len(found["passes"]) > 10
    assert [
        (one["id"], one["impact"], one["nodes"][0]["html"])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ] == []
    opened.page.context.close()


def test_the_chart_is_told_in_words(salon: Opened) -> None:
    told = salon.page.locator(".chart").get_attribute("aria-label")

    days = salon.page.evaluate("days.length")
    assert told is not None
    assert days > 60
    assert "{" not in told
    assert "Обращения" in told


def with_texts(table: Table, columns: tuple[str, ...], text: str) -> Table:
    places = [table.columns.index(name) for name in columns]
    return Table(
        table.columns,
        tuple(
            tuple(text if place in places else cell for place, cell in enumerate(row))
            for row in table.rows
        ),
    )


def hostile_contents(contents: Contents) -> Contents:
    columns = {
        "rpt_operators": ("operator_id",),
        "rpt_intents": ("intent",),
        "rpt_intent_confusions": ("predicted_intent", "true_intent"),
        "rpt_review_queue": ("message_words", "predicted_intent"),
        "rpt_experiments": ("experiment", "variant_a", "variant_b"),
        "rpt_reconciliation": ("system", "reject_reasons"),
        "dim_channels": ("name_ru", "name_en"),
    }
    segments = contents.tables["rpt_segments"]
    dimension, segment = (segments.columns.index(name) for name in ("dimension", "segment"))
    tables = {
        **contents.tables,
        **{name: with_texts(contents.tables[name], of, HOSTILE) for name, of in columns.items()},
        "rpt_segments": Table(
            segments.columns,
            tuple(
                tuple(HOSTILE if place == segment else cell for place, cell in enumerate(row))
                if row[dimension] == "scenario"
                else row
                for row in segments.rows
            ),
        ),
    }
    return replace(contents, business={**contents.business, "name": HOSTILE}, tables=tables)


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_text_of_a_stranger_is_shown_and_never_run(
    browser: Browser, marts: Marts, tmp_path: Path, locale: Locale
) -> None:
    contents = hostile_contents(marts.contents(SALON))
    file = tmp_path / "dashboard.html"
    file.write_text(render_page(contents, locale), encoding="utf-8")

    opened = open_page(browser, file)
    opened.page.select_option("#dimension", "scenario")
    opened.page.select_option("#segment", HOSTILE)

    assert opened.page.title().startswith(HOSTILE.partition("\u2028")[0])
    assert opened.page.text_content("h1") == HOSTILE
    for place in ("#operators tbody th", "#bot tbody th", "#experiments tbody th"):
        assert HOSTILE in opened.page.locator(place).all_text_contents(), place
    assert opened.page.locator("script").count() == 3
    assert opened.page.locator("img").count() == 0
    assert opened.complaints == []
    assert opened.requests == [file.as_uri()]
    opened.page.context.close()
