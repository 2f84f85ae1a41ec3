"""Exports of the grid of leads or of deals: names instead of codes, one record on several lines.

A record with products or several values stands on as many lines, one below the other, under the
same id: they are one record, and its sum is that of its products' lines. Dates have no offset: they
are in the business's time zone. Without a column for the modification the day in the file's name,
as Bitrix24 gives it (`LEAD_20261122_…`), says which export is the later one.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestration.sources.bitrix24.crm import deal_rows, lead_rows
from orchestration.sources.bitrix24.fields import Settings, settings_of, squashed
from orchestration.sources.bitrix24.grid_headers import CURRENCIES, DEAL_TITLES, field_of
from orchestration.sources.bitrix24.grid_tables import TableRow, table_rows
from orchestration.sources.bitrix24.records import Given
from orchestration.sources.contract import Reading, Record, reject, row

_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})(?:[ T]+(\d\d?):(\d\d)(?::(\d\d))?)?")
_AMERICAN = re.compile(
    r"(\d\d?)/(\d\d?)/(\d{4})\s+(\d\d?):(\d\d)(?::(\d\d))?\s*([ap])\.?m\.?", re.IGNORECASE
)
_EXPORTED = re.compile(r"_(20\d\d)([01]\d)([0-3]\d)(?=[_.])")
_DATES = frozenset({"DATE_CREATE", "DATE_MODIFY", "CLOSEDATE"})
_MANY = frozenset({"PHONE", "EMAIL"})
_YES = frozenset({"да", "yes", "y", "true", "1"})
_HALF_DAY = 12


class _Grid:
    """What the header says: the field of each column, what is missing, what is not known."""

    def __init__(self, titles: list[str], settings: Settings) -> None:
        self.titles = titles
        self.fields = [field_of(title) if title.strip() else None for title in titles]
        self.is_deals = bool({squashed(title) for title in titles} & DEAL_TITLES)
        if self.is_deals:
            self.fields = ["STAGE_ID" if each == "STATUS_ID" else each for each in self.fields]
        elif "STATUS_ID" not in self.fields:
            # Newer portals call the status of a lead its stage, too.
            self.fields = ["STATUS_ID" if each == "STAGE_ID" else each for each in self.fields]
        named = {name for names in settings.fields.values() for name in names}
        self.unknown = [
            index
            for index, title in enumerate(titles)
            if title.strip() and self.fields[index] is None and squashed(title) not in named
        ]

    def missing(self) -> str | None:
        """The first field without which no row can be read."""
        needed = ("ID", "STAGE_ID" if self.is_deals else "STATUS_ID", "DATE_CREATE")
        return next((each for each in needed if each not in self.fields), None)


def read_grid(path: Path, reading: Reading) -> Iterator[Record]:
    """Give the rows of one export.

    A header without a needed column is one reject, `missing_header:<field>`, and ends the file.
    """
    settings = settings_of(reading)
    rows = table_rows(path)
    first = next(rows, None)
    if first is None:
        return
    grid = _Grid(first.cells, settings)
    fault = first.fault or (f"missing_header:{grid.missing()}" if grid.missing() else None)
    if fault:
        yield reject(1, fault, first.raw_text, 1)
        return
    exported = _EXPORTED.search(path.name)
    exported_at = "-".join(exported.groups()) if exported else None
    number = 0
    for group in _groups(rows, grid):
        if group[0].fault:
            number += 1
            yield reject(number, group[0].fault, group[0].raw_text)
            continue
        raw_text = "\n".join(each.raw_text for each in group)
        for record in _records(grid, group, settings, exported_at, raw_text, number + 1):
            number = record.number
            yield record


def _groups(rows: Iterator[TableRow], grid: _Grid) -> Iterator[list[TableRow]]:
    """Lines of one record, one below the other under one id; what cannot be read stands alone."""
    id_column = grid.fields.index("ID")
    group: list[TableRow] = []
    for line in rows:
        fault = line.fault or (None if _fits(line.cells, grid) else "bad_columns")
        if fault:
            yield from [group] if group else []
            yield [TableRow([], line.raw_text, fault)]
            group = []
        elif group and line.cells[id_column] == group[0].cells[id_column]:
            group.append(line)
        else:
            yield from [group] if group else []
            group = [line]
    yield from [group] if group else []


def _fits(cells: list[str], grid: _Grid) -> bool:
    """Whether there is a cell for each title; a last, empty one comes of the delimiter's habit."""
    titles = len(grid.titles)
    while titles and not grid.titles[titles - 1].strip():
        titles -= 1
    return len(cells) >= titles and not any(cell.strip() for cell in cells[len(grid.titles) :])


def _records(
    grid: _Grid,
    group: list[TableRow],
    settings: Settings,
    exported_at: str | None,
    raw_text: str,
    number: int,
) -> Iterator[Record]:
    record, status = _record(grid, group, exported_at)
    given = Given(record, {"status": status} if status else {})
    extra = {grid.titles[index].strip(): group[0].cells[index] for index in grid.unknown}
    for stream, values in (deal_rows if grid.is_deals else lead_rows)(given, settings):
        more = {name: cell for name, cell in extra.items() if name not in stream.column_names()}
        yield row(stream, number, {**more, **values}, raw_text)
        number += 1


def _record(
    grid: _Grid, group: list[TableRow], exported_at: str | None
) -> tuple[dict[str, object], str | None]:
    """The record as the REST API would give it, with names for codes, and its stage's name."""
    record: dict[str, object] = {}
    many: dict[str, list[str]] = {name: [] for name in _MANY}
    for index, field in enumerate(grid.fields):
        cell = next((line.cells[index] for line in group if line.cells[index].strip()), "").strip()
        if field in _MANY:
            many[field] += [value.strip() for value in cell.split(",") if value.strip()]
        elif field in _DATES:
            record[field] = _iso(cell)
        elif field == "OPPORTUNITY":
            record[field] = _sum(grid, group, index)
        elif field:
            record.setdefault(field, cell)
        elif grid.titles[index].strip():
            record[grid.titles[index]] = _iso(cell)
        if cell.startswith("imol|"):
            record["IM"] = [{"VALUE": cell.split(",")[0].strip()}]
    record |= {name: [{"VALUE": value} for value in values] for name, values in many.items()}
    record["DATE_MODIFY"] = record.get("DATE_MODIFY") or exported_at
    currency = str(record.get("CURRENCY_ID") or "")
    record["CURRENCY_ID"] = CURRENCIES.get(squashed(currency), currency)
    for name in ("IS_RETURN_CUSTOMER", "CLOSED"):
        if record.get(name):
            record[name] = "Y" if squashed(str(record[name])) in _YES else "N"
    status = record.get("STAGE_ID" if grid.is_deals else "STATUS_ID")
    return record, str(status) if status else None


def _sum(grid: _Grid, group: list[TableRow], index: int) -> str:
    """The sum of a record: with products on several lines each line bears its product's."""
    has_products = len(group) > 1 and "PRODUCT" in grid.fields
    cells = [line.cells[index] for line in (group if has_products else group[:1])]
    amounts = [_amount(cell) for cell in cells if cell.strip()]
    try:
        return str(sum(map(Decimal, amounts), Decimal(0))) if amounts else ""
    except InvalidOperation:
        return cells[0]


def _amount(cell: str) -> str:
    """A sum without blanks and currency, with a decimal point; other text stays as it is."""
    plain = re.sub(r"[\s\xa0]|руб\.?|₽|RUB|р\.$", "", cell)
    if re.fullmatch(r"-?\d+,\d{1,2}", plain):
        return plain.replace(",", ".")
    # As an English portal parts thousands.
    return plain.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain) else plain


def _iso(cell: str) -> str:
    """A day and time of the grid in ISO 8601; what is none stays, to be rejected where it must."""
    if match := _DAY.fullmatch(cell):
        day, month, year, hour, minute, second = match.groups()
    elif match := _AMERICAN.fullmatch(cell):
        month, day, year, hour, minute, second, half = match.groups()
        hour = str(int(hour) % _HALF_DAY + (_HALF_DAY if half.lower() == "p" else 0))
    else:
        return cell
    date = f"{year}-{int(month):02}-{int(day):02}"
    return f"{date}T{int(hour):02}:{minute}:{second or '00'}" if hour else date
