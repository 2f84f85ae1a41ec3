"""`python -m orchestration.model_docs`: every table and column as one page, read without a network.

dbt writes the page from the models' descriptions and the warehouse's types. Ends with 0, or with 1
and one sentence on the error stream where a person has to mend something.
"""

import sys
from pathlib import Path

from orchestration.config import PROJECT_DIR, Settings, read_settings
from orchestration.errors import ActionableError
from orchestration.lock import only_refresh
from orchestration.warehouse import open_warehouse

PAGE = PROJECT_DIR / "target" / "docs" / "index.html"


def main() -> int:
    """Write the page and say where it is. Returns the exit code."""
    try:
        write_model_docs(read_settings(), PAGE)
    except ActionableError as error:
        print(error, file=sys.stderr)
        return 1
    print(PAGE)
    return 0


def write_model_docs(settings: Settings, page: Path) -> None:
    """Write the page to `page`, whole or not at all.

    Raises ActionableError where there is no warehouse yet, or a refresh is at work in it.
    """
    # dbt would make an empty warehouse where there is none.
    with open_warehouse(settings.warehouse_path, read_only=True):
        pass
    from orchestration.dbt import describe_models

    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    with only_refresh(settings.dagster_home):
        text = describe_models(settings).read_text("utf-8")
    page.parent.mkdir(parents=True, exist_ok=True)
    beside = page.with_suffix(".new")
    # Where things lie here is of no use to whom the page is sent. One may lie within the other.
    for place in sorted(map(str, (PROJECT_DIR, settings.dagster_home)), key=len, reverse=True):
        text = text.replace(place, ".")
    beside.write_text(text, encoding="utf-8")
    beside.replace(page)


if __name__ == "__main__":
    sys.exit(main())
