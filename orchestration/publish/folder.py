"""The folder of a business: which files of which marts lie in it.

A fact of many rows is a folder of Parquet files by year, so that a night writes this year alone;
whatever reads folders of Parquet reads it by the name that a file would have.
"""

from collections.abc import Collection

from orchestration.publish.fingerprint import SHARED, WHOLE, Content, Contents
from orchestration.publish.release import Mart

# A fact of more rows of a business is written by year.
ROWS_OF_A_FILE = 200_000


def business_files(marts: Collection[Mart], contents: Contents, business: str) -> list[str]:
    """Name every file in the folder of a business that holds these contents, relative to it."""
    return [
        name for mart in marts for name in mart_files(mart, content_of(contents, mart, business))
    ]


def mart_files(mart: Mart, content: Content) -> list[str]:
    """Name the files of a mart in the folder of a business, relative to it."""
    names = [csv_file(mart.name)] if is_report(mart) else []
    parts = mart_parts(content) if is_for_businesses(mart) else []
    return [*names, *(parquet_file(mart.name, part) for part in parts)]


def content_of(contents: Contents, mart: Mart, business: str) -> Content:
    """Return what the folder of a business shows of a mart."""
    return contents[mart.name].get(business if mart.has_business else SHARED, Content())


def mart_parts(content: Content) -> list[str]:
    """Name the parts in which a mart of a business is written: as a whole unless it is large."""
    is_large = content.rows > ROWS_OF_A_FILE and WHOLE not in content.parts
    return sorted(content.parts) if is_large else [WHOLE]


def csv_file(table: str) -> str:
    """Name the table's CSV file in the folder of a business."""
    return f"csv/{table}.csv"


def parquet_file(table: str, part: str = WHOLE) -> str:
    """Name the table's Parquet file, or that of a part, in the folder of a business."""
    whole = f"parquet/{table}.parquet"
    return whole if part == WHOLE else f"{whole}/{part}.parquet"


def is_report(mart: Mart) -> bool:
    """Whether people read it as CSV."""
    return mart.name.startswith("rpt_") and mart.has_business


def is_for_businesses(mart: Mart) -> bool:
    """Whether the folder of a business has the mart at all."""
    return mart.has_business or mart.name.startswith("dim_")
