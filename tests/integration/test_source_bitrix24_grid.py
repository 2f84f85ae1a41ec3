"""Exports of the grid in every form in which they come; what is not right is told."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.errors import ActionableError
from orchestration.sources.bitrix24 import grid_tables
from tests.fixtures.landing_zone import Zone, open_zone

RUSSIAN = ("ID", "Название лида", "Статус", "Дата создания", "Сумма", "Мобильный телефон")
ENGLISH = ("ID", "Lead name", "Status", "Created on", "Total", "Mobile phone")
LEAD = ("41", "Заявка", "В работе", "02.10.2026 14:05:11", "4900.50", "+79161234567")
EXPECTED = [("41", "Заявка", "open", "2026-10-02 11:05:11", 4900.5, "+79161234567")]


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def grid(*rows: tuple[str, ...], end: str = ";\n") -> str:
    """Rows as the portal writes them: every cell quoted, a delimiter after each of them."""
    return "".join(
        ";".join('"' + cell.replace('"', '""') + '"' for cell in row) + end for row in rows
    )


def page(*rows: tuple[str, ...]) -> str:
    """Rows as the portal's "Excel"."""
    lines = ("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in rows)
    return f"<html><body><table border=1>{''.join(lines)}</table></body></html>"


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """Rows as somebody's spreadsheet program saved them: texts, numbers, and dates as numbers."""
    lines = []
    for row in rows:
        cells = []
        for value in row:
            if isinstance(value, str):
                cells.append(f'<c t="inlineStr"><is><t>{value}</t></is></c>')
            else:
                style = ' s="1"' if isinstance(value, tuple) else ""
                number = value[0] if isinstance(value, tuple) else value
                cells.append(f"<c{style}><v>{number}</v></c>")
        lines.append(f"<row>{''.join(cells)}</row>")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{office}"><sheets>'
        '<sheet name="Лиды" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{"".join(lines)}'
        "</sheetData></worksheet>",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def leads(zone: Zone, name: str, content: bytes) -> list[tuple[Any, ...]]:
    zone.put(f"salon/bitrix24/{name}", content)
    zone.load("leads")
    zone.assert_conserved()
    return zone.rows(
        "select lead_id, title, status_semantic, created_at::varchar, amount, phone "
        "from raw.leads order by source_line"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bom.csv", b"\xef\xbb\xbf" + grid(RUSSIAN, LEAD).encode()),
        ("plain.csv", grid(RUSSIAN, LEAD).encode()),
        ("windows.csv", grid(RUSSIAN, LEAD).encode("cp1251")),
        ("crlf.csv", grid(RUSSIAN, LEAD, end=";\r\n").encode()),
        ("no habit.csv", grid(RUSSIAN, LEAD, end="\n").encode()),
        ("packed.csv.gz", grid(RUSSIAN, LEAD).encode()),
        ("english.csv", grid(ENGLISH, LEAD).encode()),
        ("comma.csv", grid(RUSSIAN, LEAD, end="\n").replace(";", ",").encode()),
        ("tab.csv", grid(RUSSIAN, LEAD, end="\n").replace(";", "\t").encode()),
        ("page.xls", page(RUSSIAN, LEAD).encode()),
        ("windows page.xls", page(RUSSIAN, LEAD).encode("cp1251")),
        ("book.xlsx", workbook(RUSSIAN, LEAD)),
        ("book under another name.xls", workbook(RUSSIAN, LEAD)),
        # 46297.58693287037 is 2026-10-02 14:05:11 as spreadsheets count.
        (
            "numbers.xlsx",
            workbook(
                RUSSIAN, (41, "Заявка", "В работе", (46297.58693287037,), 4900.5, 79161234567)
            ),
        ),
        ("page under another name.csv", page(RUSSIAN, LEAD).encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_form_of_the_export_gives_the_same_lead(
    zone: Zone, name: str, content: bytes
) -> None:
    found = leads(zone, name, content)
    assert [(*row[:5], (row[5] or "").removeprefix("+")) for row in found] == [
        (*EXPECTED[0][:5], "79161234567")
    ]
    assert zone.rejects() == []


def test_a_lead_on_several_lines_is_one(zone: Zone) -> None:
    header = (*RUSSIAN, "Товар")
    lines = [
        (*LEAD[:4], "100,00", LEAD[5], "Стрижка"),
        (*LEAD[:4], "50.50", LEAD[5], "Укладка"),
        ("42", *LEAD[1:], ""),
    ]
    rows = leads(zone, "a.csv", grid(header, *lines).encode())
    assert [(row[0], row[4]) for row in rows] == [("41", 150.5), ("42", 4900.5)]


def test_several_lines_without_products_do_not_add_up(zone: Zone) -> None:
    other = (*LEAD[:5], "+79160000002")
    rows = leads(zone, "a.csv", grid(RUSSIAN, LEAD, other).encode())
    assert [(row[0], row[4], row[5]) for row in rows] == [("41", 4900.5, "+79161234567")]


@pytest.mark.parametrize(
    ("missing", "field"), [("ID", "ID"), ("Статус", "STATUS_ID"), ("Дата создания", "DATE_CREATE")]
)
def test_a_column_that_is_needed_and_not_there_is_told(
    zone: Zone, missing: str, field: str
) -> None:
    header = tuple("Иное" if title == missing else title for title in RUSSIAN)
    zone.put("salon/bitrix24/a.csv", grid(header, LEAD).encode())
    with pytest.raises(ActionableError, match=f"missing_header:{field}"):
        zone.load("leads")
    assert [reject[:2] for reject in zone.rejects()] == [(1, f"missing_header:{field}")]


def test_columns_that_nobody_knows_are_counted(zone: Zone) -> None:
    header, lead = (*RUSSIAN, "Любимый цвет", "Пусто"), (*LEAD, "синий", "")
    leads(zone, "a.csv", grid(header, lead).encode())
    assert zone.values("select unknown_columns from raw.loaded_files") == ["Любимый цвет"]


def test_custom_columns_are_found_by_their_titles(zone: Zone) -> None:
    zone.put("salon/business.yml", "bitrix24: {session_id: 'UF_CRM_S, Разговор'}".encode())
    leads(zone, "a.csv", grid((*RUSSIAN, "Разговор"), (*LEAD, "te-1")).encode())
    assert zone.values("select session_id from raw.leads") == ["te-1"]
    assert zone.values("select unknown_columns from raw.loaded_files") == [None]


def test_times_are_in_the_zone_of_the_business(zone: Zone) -> None:
    zone.put("salon/business.yml", b"timezone: Asia/Yekaterinburg")
    rows = leads(zone, "a.csv", grid(RUSSIAN, LEAD).encode())
    assert rows[0][3] == "2026-10-02 09:05:11"


def test_a_later_export_wins_by_the_day_in_its_name(zone: Zone) -> None:
    zone.put("salon/bitrix24/LEAD_20261122_1a2b_7.csv", grid(RUSSIAN, LEAD).encode())
    late = (*LEAD[:2], "Некачественный лид", *LEAD[3:])
    leads(zone, "LEAD_20261123_1a2b_8.csv", grid(RUSSIAN, late).encode())
    assert zone.rows(
        "select modified_at::varchar, status_semantic from raw.leads order by modified_at"
    ) == [("2026-11-21 21:00:00", "open"), ("2026-11-22 21:00:00", "lost")]


def test_a_broken_row_is_rejected_and_the_others_are_not(zone: Zone) -> None:
    rows = [(str(number), *LEAD[1:]) for number in range(100, 140)]
    short = '"41";"Заявка";\n'
    zone.put(
        "salon/bitrix24/a.csv", (grid(RUSSIAN, *rows[:20]) + short + grid(*rows[20:])).encode()
    )
    zone.load("leads")
    assert [reject[:2] for reject in zone.rejects()] == [(21, "bad_columns")]
    assert zone.values("select count(*) from raw.leads") == [40]


def test_the_grid_of_deals_gives_deals(zone: Zone) -> None:
    header = ("ID", "Название сделки", "Стадия сделки", "Воронка", "Дата создания", "Валюта")
    deal = ("7", "Стрижка", "Сделка успешна", "Клиника", "02.10.2026 14:05", "Тенге")
    zone.put("salon/bitrix24/a.csv", grid(header, deal).encode())
    zone.load("leads")
    assert zone.rows("select deal_id, stage_semantic, pipeline, currency from raw.deals") == [
        ("7", "won", "Клиника", "KZT")
    ]
    assert zone.values("select count(*) from raw.leads") == [0]


def test_a_workbook_that_would_fill_the_memory_is_refused(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid_tables, "_LARGEST_WORKBOOK_BYTES", 1_000)
    zone.put("salon/bitrix24/a.xlsx", workbook(RUSSIAN, LEAD))
    with pytest.raises(ActionableError, match="file_too_large"):
        zone.load("leads")
