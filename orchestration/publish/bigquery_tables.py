"""Tables of a business as BigQuery takes them: schema, Parquet file, partitions."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from google.cloud import bigquery

from orchestration.publish.descriptions import describe_mart
from orchestration.publish.offers import Offer
from orchestration.publish.release import BUSINESS, Release
from orchestration.publish.state import literal

FINGERPRINT = "kpi_fingerprint"
_DIGITS_OF_A_LABEL = 63
_TYPES = {
    "VARCHAR": "STRING",
    "BOOLEAN": "BOOLEAN",
    "TINYINT": "INTEGER",
    "SMALLINT": "INTEGER",
    "UTINYINT": "INTEGER",
    "INTEGER": "INTEGER",
    "USMALLINT": "INTEGER",
    "BIGINT": "INTEGER",
    "UINTEGER": "INTEGER",
    "UBIGINT": "NUMERIC",
    "HUGEINT": "NUMERIC",
    "FLOAT": "FLOAT",
    "DOUBLE": "FLOAT",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
}
_CELLS = {
    "UBIGINT": "{cell}::decimal(20, 0)",
    "HUGEINT": "{cell}::decimal(29, 0)",
    # Without a zone it would arrive as a local time.
    "TIMESTAMP": "{cell} at time zone 'UTC'",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_LIST = "[]"
_CLUSTERED = ("period", "kpi", "channel", "session_id", "lead_id")
_MOST_CLUSTERED = 4
_STAGED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Column:
    """A column there, and the SQL of its cell here."""

    field: bigquery.SchemaField
    cell: str


def columns_of(offer: Offer) -> tuple[list[Column], list[str]]:
    """Return the columns of a table, and names of those whose type BigQuery does not take."""
    described = describe_mart(offer.name).columns
    columns, left_out = [], []
    for name, of_type in offer.mart.columns.items():
        element = of_type.removesuffix(_LIST)
        kind = _type(element)
        if kind is None:
            left_out.append(f"{name} ({of_type})")
            continue
        is_list = of_type.endswith(_LIST)
        mode = "REPEATED" if is_list else "NULLABLE"
        text = described.get(name, "")
        field = bigquery.SchemaField(name, kind, mode, description=text)
        columns.append(Column(field, _cell(name, element, is_list=is_list)))
    return columns, left_out


def _type(of_type: str) -> str | None:
    if decimal := _DECIMAL.fullmatch(of_type):
        precision, scale = int(decimal[1]), int(decimal[2])
        return "NUMERIC" if scale <= 9 and precision - scale <= 29 else "BIGNUMERIC"
    return _TYPES.get(of_type)


def _cell(name: str, of_type: str, *, is_list: bool) -> str:
    template = _CELLS.get(of_type, "{cell}")
    if is_list:
        # A repeated field holds neither NULL in it nor NULL instead of it.
        element = template.format(cell="x")
        return (
            f'list_transform(list_filter("{name}", lambda x: x is not null), '
            f'lambda x: {element}) as "{name}"'
        )
    cell = template.format(cell=f'"{name}"')
    return f'{cell} as "{name}"'


def write_parquet(release: Release, offer: Offer, columns: list[Column], path: Path) -> None:
    """Write the rows of a table to a Parquet file."""
    cells = ", ".join(column.cell for column in columns)
    release.connection.execute(
        f"copy ({offer.select(cells)}) to {literal(path)} (format parquet, compression zstd)"
    )


def staged_table(address: str, offer: Offer, columns: list[Column]) -> bigquery.Table:
    """Return the table in which rows wait to be copied; it vanishes by itself after a day."""
    table = bigquery.Table(address, schema=[column.field for column in columns])
    table.expires = datetime.now(UTC) + _STAGED_FOR
    table.labels = labels_of(offer)
    if day := _partitioned_by(offer):
        # By day, ten years would be more partitions than one job may write.
        table.time_partitioning = bigquery.TimePartitioning(
            type_=bigquery.TimePartitioningType.MONTH, field=day
        )
    names = [name for name in _CLUSTERED if name in offer.mart.columns][:_MOST_CLUSTERED]
    if names and offer.mart.name.startswith(("fct_", "rpt_")):
        table.clustering_fields = names
    return table


def _partitioned_by(offer: Offer) -> str | None:
    """Name the day or time of a table that grows with time; a small one is read whole anyway."""
    if not offer.name.startswith("fct_") and not offer.name.endswith("_daily"):
        return None
    for wanted in ("DATE", "TIMESTAMP"):
        for name, of_type in offer.mart.columns.items():
            if of_type == wanted and name != BUSINESS:
                return name
    return None


def labels_of(offer: Offer) -> dict[str, str]:
    """Return the labels by which a table's content is known again."""
    return {FINGERPRINT: offer.fingerprint[:_DIGITS_OF_A_LABEL]}


def description_of(offer: Offer, as_of: datetime) -> str:
    """Return what is written on a table: its meaning and its time."""
    return f"{describe_mart(offer.name).text}\n\nAs of {as_of:%Y-%m-%d %H:%M} UTC.".strip()
