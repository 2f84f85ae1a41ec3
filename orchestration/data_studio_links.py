"""`python -m orchestration.data_studio_links`: addresses that open a report on the figures.

Data Studio has no way to make charts from outside; what it has is an address that opens a report
with sources attached (its Linking API), for Google Sheets and BigQuery, not for PostgreSQL. A blank
report takes one source, a template as many as it has, each under its alias.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from orchestration.config import Settings, read_settings
from orchestration.errors import ActionableError
from orchestration.publish.manifest import Manifest, read_manifest
from orchestration.publish.offers import plain_names, variable_name

_ADDRESS = "https://lookerstudio.google.com/reporting/create"


@dataclass(frozen=True)
class Source:
    """A table of one business, and what Data Studio must know to find it."""

    table: str
    place: Mapping[str, str]


def main() -> int:
    """Print the addresses. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="orchestration.data_studio_links", description=__doc__)
    parser.add_argument("--template", default="", help="id of a report to copy")
    try:
        for line in describe_links(read_settings(), parser.parse_args().template):
            print(line)
    except ActionableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def describe_links(settings: Settings, template: str = "") -> Iterator[str]:
    """Yield lines for a person: businesses, reports, and the address of each.

    Raises ActionableError where nothing was exported yet or no destination has addresses.
    """
    manifest = read_manifest(settings.export_dir)
    if manifest is None:
        raise ActionableError(
            f"Nothing was exported to {settings.export_dir} yet: run `make run` first."
        )
    if not settings.google_sheets() and settings.bigquery_project is None:
        raise ActionableError(
            "Neither Google Sheets nor BigQuery is configured, and to other sources Data Studio "
            "takes no address: see docs/destinations.md, or add the source by hand as "
            "docs/data-studio.md says."
        )
    sheets = _sheets(settings)
    for business in manifest.businesses:
        for where, sources in (
            ("Google Sheets", sheets.get(variable_name(business), [])),
            ("BigQuery", _bigquery(settings, manifest, business)),
        ):
            if sources:
                yield f"{business} · {where}"
                yield from _lines(business, sources, template)
                yield ""


def _lines(business: str, sources: Sequence[Source], template: str) -> Iterator[str]:
    if template:
        yield f"  {template_link(business, sources, template)}"
        return
    for source in sources:
        yield f"  {source.table:<28} {blank_link(business, source)}"


def blank_link(business: str, source: Source) -> str:
    """Return the address of a new report on one source; a blank report knows no aliases."""
    named = {f"ds.{name}": value for name, value in _described(business, source).items()}
    return _link({"c.mode": "edit", "r.reportName": business, **named})


def template_link(business: str, sources: Sequence[Source], template: str) -> str:
    """Return the address of a copy of a template whose sources have the tables' names as alias."""
    named = {
        f"ds.{source.table}.{name}": value
        for source in sources
        for name, value in _described(business, source).items()
    }
    return _link({"c.reportId": template, "c.mode": "edit", "r.reportName": business, **named})


def _described(business: str, source: Source) -> dict[str, str]:
    return {**source.place, "datasourceName": f"{business} {source.table}"}


def _link(parameters: Mapping[str, str]) -> str:
    return f"{_ADDRESS}?{urlencode(parameters)}"


def _sheets(settings: Settings) -> dict[str, list[Source]]:
    """Return the worksheets made here, by the business's name in capitals."""
    spreadsheets = settings.google_sheets()
    if not spreadsheets or settings.google_sheets_credentials is None:
        return {}
    from orchestration.publish.sheets import read_worksheets
    from orchestration.publish.sheets_access import SheetsPlace

    place = SheetsPlace(
        settings.google_sheets_credentials, spreadsheets, settings.google_sheets_endpoint
    )
    return {
        business: [
            Source(
                table,
                {
                    "connector": "googleSheets",
                    "spreadsheetId": spreadsheets[business],
                    "worksheetId": str(gid),
                    "hasHeader": "true",
                },
            )
            for table, gid in worksheets.items()
        ]
        for business, worksheets in read_worksheets(place).items()
    }


def _bigquery(settings: Settings, manifest: Manifest, business: str) -> list[Source]:
    if settings.bigquery_project is None:
        return []
    name = plain_names(manifest.businesses)[business]
    dataset = f"{settings.bigquery_dataset_prefix}{name}"
    return [
        Source(
            table,
            {
                "connector": "bigQuery",
                "type": "TABLE",
                "projectId": settings.bigquery_project,
                "datasetId": dataset,
                "tableId": table,
            },
        )
        for table in sorted(manifest.tables)
        if table.startswith("rpt_")
    ]


if __name__ == "__main__":
    sys.exit(main())
