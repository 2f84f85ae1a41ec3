"""How a person is recognised in two systems: the macros of identities, as DuckDB computes them."""

from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest

MACROS = Path(__file__).parents[2] / "macros"


def macros(name: str, **others: Any) -> Any:
    """The macros of a file, callable from Python, with those of other files that they call."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 (SQL, not HTML)
    return environment.from_string((MACROS / f"{name}.sql").read_text()).make_module(others)


IDENTITIES = macros("identities", digits=macros("engine").digits)


def spelt(expression: str, text: str | None) -> str | None:
    """The value of a SQL expression over one row with the text in a column."""
    row = duckdb.execute(f"select {expression} from (select $1::varchar as typed)", [text])
    found = row.fetchone()
    assert found is not None
    value: str | None = found[0]
    return value


@pytest.mark.parametrize(
    "typed",
    [
        "+79161234567",
        "79161234567",
        "89161234567",
        "9161234567",
        "8 (916) 123-45-67",
        "+7 916 123 45 67",
        " +7 (916) 123-45-67 ",
        "7-916-123-45-67",
        "8.916.123.45.67",
        "тел. 8 916 123 45 67",
        "+7\u00a0916\u00a0123\u201145\u201167",
    ],
)
def test_a_russian_number_is_one_number_in_every_spelling(typed: str) -> None:
    assert spelt(IDENTITIES.e164("typed"), typed) == "+79161234567"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("8 (495) 123-45-67", "+74951234567"),
        ("(812) 123-45-67", "+78121234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("358401234567", "+358401234567"),
        ("00358 40 123 4567", "+358401234567"),
        ("+1 212 555 0123", "+12125550123"),
        # With its code a number is taken at its word, were it as long as a Russian one.
        ("+84 28 1234 567", "+84281234567"),
        ("+91612345678", "+91612345678"),
        ("+9161234567", "+9161234567"),
    ],
)
def test_another_number_keeps_its_country(typed: str, number: str) -> None:
    assert spelt(IDENTITIES.e164("typed"), typed) == number


@pytest.mark.parametrize("typed", [None, "", "-", "нет", "112", "123-45-67", "1234567890123456"])
def test_what_is_no_number_is_nothing_to_be_known_by(typed: str | None) -> None:
    assert spelt(IDENTITIES.e164("typed"), typed) is None


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("anna@example.com", "anna@example.com"),
        (" Anna@Example.COM ", "anna@example.com"),
        ("ПОЧТА@пример.рф", "почта@пример.рф"),
        ("  ", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_one_address_in_capitals_too(typed: str | None, address: str | None) -> None:
    assert spelt(IDENTITIES.plain_email("typed"), typed) == address
