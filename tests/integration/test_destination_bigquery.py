"""The destination BigQuery: the real client against an emulator that speaks its REST interface."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from pydantic import SecretStr

from orchestration.config import read_settings
from orchestration.delivering import to_bigquery
from orchestration.errors import ActionableError
from orchestration.publish.bigquery import BigQueryPlace, publish_bigquery
from orchestration.publish.offers import Delivered
from orchestration.publish.release import open_release
from tests.fixtures.personal_data import personal_data_in
from tests.integration.conftest import AS_OF
from tests.servers.bigquery import NoEmulatorError, run_emulator
from tests.servers.google_sheets import EMAIL, run_google

PublishTo = Callable[..., Delivered]


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with run_emulator(tmp_path_factory.mktemp("emulator") / "log") as address:
            yield address
    except NoEmulatorError as error:
        pytest.skip(str(error))


@pytest.fixture
def client(emulator: str) -> Iterator[bigquery.Client]:
    """A client of an empty project."""
    client = bigquery.Client(
        "shop",
        AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=emulator),
        default_query_job_config=bigquery.QueryJobConfig(use_query_cache=False),
    )
    yield client
    for dataset in client.list_datasets():
        client.delete_dataset(dataset.reference, delete_contents=True)


@pytest.fixture
def publish_to(emulator: str, client: bigquery.Client, marts_warehouse: Path) -> PublishTo:
    """Publish the small warehouse to the project, after an optional change of its marts."""
    assert client.project == "shop"

    def run(change: str | None = None, prefix: str = "kpi_", as_of: datetime = AS_OF) -> Delivered:
        if change:
            with duckdb.connect(str(marts_warehouse)) as connection:
                connection.execute(change)
        place = BigQueryPlace("shop", None, prefix, endpoint=emulator, patience=20)
        with open_release(marts_warehouse, as_of) as release:
            return publish_bigquery(release, place)

    return run


def rows(client: bigquery.Client, table: str) -> list[tuple[object, ...]]:
    return sorted(
        (tuple(row.values()) for row in client.list_rows(client.get_table(f"shop.{table}"))),
        key=str,
    )


def tables(client: bigquery.Client, dataset: str) -> list[str]:
    return sorted(item.table_id for item in client.list_tables(f"shop.{dataset}"))


def datasets(client: bigquery.Client) -> list[str]:
    return sorted(item.dataset_id for item in client.list_datasets())


def versions(client: bigquery.Client, dataset: str) -> dict[str, object]:
    """When each table was last changed."""
    return {
        name: client.get_table(f"shop.{dataset}.{name}").modified
        for name in tables(client, dataset)
    }


def test_each_business_gets_a_dataset_with_its_own_rows_and_what_all_share(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    told = publish_to()

    assert datasets(client) == ["kpi_clinic", "kpi_salon"]
    # Nothing is left of what was loaded beside.
    assert tables(client, "kpi_salon") == [
        *("dim_channels", "fct_sessions", "fct_turns", "rpt_funnel")
    ]
    assert (told.sent, told.unchanged, told.rows, told.remarks) == (8, 0, 22, ())
    assert {row[0] for row in rows(client, "kpi_salon.fct_sessions")} == {"salon"}
    assert rows(client, "kpi_salon.dim_channels") == [("web", "Сайт")]
    dataset = client.get_dataset("shop.kpi_salon")
    assert dataset.labels == {"made_by": "chatbot-kpi-warehouse", "business": "salon"}
    assert dataset.description == "KPIs of salon, as of 2026-11-01 00:00 UTC."
    table = client.get_table("shop.kpi_salon.fct_sessions")
    assert str(table.description).endswith("As of 2026-11-01 00:00 UTC.")
    assert table.schema[0].description == "The business (tenant)."


def test_every_cell_arrives_as_it_is_and_every_type_as_its_like(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    publish_to(
        """
        create table marts.fct_types as
            select
                'salon' as business_id,
                number,
                [null, '', '=1+1'][number] as text,
                [null, true, false][number] as flag,
                170141183460469231731::hugeint - number as huge,
                0.1 + number::double / 3 as fraction,
                (number / 8)::decimal(10, 4) as money,
                date '2026-02-28' + number::integer as created_date,
                timestamp '2026-03-29 02:30:00.123456' as moment,
                [[1.5, 2.25], [], null][number]::double[] as numbers,
                {'a': number} as pair,
            from range(1, 4) as numbers(number)
        """
    )

    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, UTC)
    assert rows(client, "kpi_salon.fct_types") == [
        (
            *("salon", number, text, flag, Decimal(170141183460469231731 - number)),
            *(0.1 + number / 3, Decimal(money), date(2026, 3, number), moment, numbers),
        )
        for number, text, flag, money, numbers in (
            (1, None, None, "0.125", [1.5, 2.25]),
            (2, "", True, "0.25", []),
            (3, "=1+1", False, "0.375", []),
        )
    ]
    types = {
        field.name: field.field_type
        for field in client.get_table("shop.kpi_salon.fct_types").schema
    }
    assert types == {
        "business_id": "STRING",
        "number": "INTEGER",
        "text": "STRING",
        "flag": "BOOLEAN",
        "huge": "NUMERIC",
        "fraction": "FLOAT",
        "money": "NUMERIC",
        "created_date": "DATE",
        "moment": "TIMESTAMP",
        "numbers": "FLOAT",
    }


def test_what_grows_with_time_is_partitioned_by_month_and_clustered_by_what_is_asked_for(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    publish_to(
        """
        create table marts.rpt_kpi_daily as
            select 'salon' as business_id, date '2026-10-01' as session_date, 'web' as channel;
        create table marts.rpt_scorecard as
            select 'salon' as business_id, 'all_time' as period, 'nps' as kpi, current_date as day
        """
    )

    def laid_out(table: str) -> tuple[str | None, list[str] | None]:
        found = client.get_table(f"shop.kpi_salon.{table}")
        by = found.time_partitioning
        return f"{by.field} {by.type_}" if by else None, found.clustering_fields

    assert laid_out("rpt_kpi_daily") == ("session_date MONTH", ["channel"])
    assert laid_out("rpt_scorecard") == (None, ["period", "kpi"])
    assert laid_out("fct_sessions") == ("started_at MONTH", ["session_id"])
    assert laid_out("dim_channels") == (None, None)


def test_a_column_of_a_type_that_is_unknown_there_is_left_out_and_said(
    publish_to: PublishTo,
) -> None:
    told = publish_to("alter table marts.rpt_funnel add column pair struct(a integer)")

    assert told.remarks == tuple(
        f"BigQuery: rpt_funnel of {business} is without pair (STRUCT(a INTEGER)), as there is no "
        "such type"
        for business in ("clinic", "salon")
    )


def test_a_second_run_of_the_same_marts_loads_nothing_and_says_the_later_time(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    publish_to()
    before = versions(client, "kpi_salon")

    told = publish_to(as_of=datetime(2026, 11, 2, tzinfo=UTC))

    assert (told.sent, told.unchanged, told.rows) == (0, 8, 22)
    assert versions(client, "kpi_salon") == before
    assert "2026-11-02" in str(client.get_dataset("shop.kpi_salon").description)


def test_only_what_changed_is_loaded_and_what_is_no_mart_any_more_goes(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    publish_to()
    before = versions(client, "kpi_salon")
    client.query_and_wait("create table kpi_salon.mine as select 1 as a")

    told = publish_to(
        "update marts.fct_sessions set messages = 9 where business_id = 'salon';"
        "drop table marts.rpt_funnel"
    )

    after = versions(client, "kpi_salon")
    assert told.sent == 1
    assert set(before) - set(after) == {"rpt_funnel"}
    assert {name for name in before if after.get(name, 0) not in (0, before[name])} == {
        "fct_sessions"
    }
    assert [row[3] for row in rows(client, "kpi_salon.fct_sessions")] == [9, 9, 9]
    assert rows(client, "kpi_salon.mine") == [(1,)]


def test_no_table_is_ever_missing_empty_or_half(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    def change(number: int) -> str:
        return (
            "create or replace table marts.rpt_messages as "
            f"select 'salon' as business_id, {number} as refresh from range(500)"
        )

    publish_to(change(0))
    faults: list[object] = []
    seen: set[object] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                found = client.query_and_wait(
                    "select refresh, count(*) from kpi_salon.rpt_messages group by refresh"
                )
                pairs = [tuple(row.values()) for row in found]
            except GoogleAPICallError as error:
                faults.append(error)
                continue
            if [count for _, count in pairs] != [500]:
                faults.append(pairs)
            seen.update(refresh for refresh, _ in pairs)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 6):
        publish_to(change(number))
    done.set()
    reader.join()

    assert faults == []
    assert len(seen) > 1


def test_a_business_that_left_is_taken_away_and_nobody_elses_dataset_is(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    publish_to()
    publish_to(prefix="kpi_test_")
    client.create_dataset("kpi_mine")

    told = publish_to(
        ";".join(
            f"delete from marts.{table} where business_id = 'clinic'"
            for table in ("fct_sessions", "fct_turns", "rpt_funnel")
        )
    )

    assert told.removed == ("clinic",)
    assert datasets(client) == ["kpi_mine", "kpi_salon", "kpi_test_clinic", "kpi_test_salon"]


def test_a_table_of_somebody_else_keeps_the_dataset_of_a_business_that_left(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    publish_to()
    client.query_and_wait("create table kpi_clinic.mine as select 1 as a")

    told = publish_to(
        ";".join(
            f"delete from marts.{table} where business_id = 'clinic'"
            for table in ("fct_sessions", "fct_turns", "rpt_funnel")
        )
    )

    assert told.removed == ()
    assert "shop.kpi_clinic stays, as somebody made mine in it" in told.remarks[0]
    assert tables(client, "kpi_clinic") == ["mine"]


def test_a_dataset_that_somebody_else_made_is_refused_and_the_others_are_sent(
    publish_to: PublishTo, client: bigquery.Client
) -> None:
    client.create_dataset("kpi_clinic")

    with pytest.raises(ActionableError, match=r"dataset shop\.kpi_clinic that this project did"):
        publish_to()

    assert tables(client, "kpi_clinic") == []
    assert len(rows(client, "kpi_salon.rpt_funnel")) == 4


def test_a_project_that_cannot_be_reached_is_told_before_long(marts_warehouse: Path) -> None:
    place = BigQueryPlace("shop", None, endpoint="http://127.0.0.1:1", patience=1)
    with (
        open_release(marts_warehouse, AS_OF) as release,
        pytest.raises(ActionableError, match="BigQuery could not be reached"),
    ):
        publish_bigquery(release, place)


def test_a_key_that_google_does_not_know_is_told_and_shown_nowhere(
    marts_warehouse: Path,
) -> None:
    with run_google() as google, run_google() as other:
        key = json.loads(other.service_account())
        key["token_uri"] = f"{google.address}/token"
        place = BigQueryPlace("shop", SecretStr(json.dumps(key)), endpoint=google.address)
        with (
            open_release(marts_warehouse, AS_OF) as release,
            pytest.raises(ActionableError, match="does not accept the key") as told,
        ):
            publish_bigquery(release, place)

    assert EMAIL in key["client_email"]
    assert not [line for line in key["private_key"].splitlines()[1:-1] if line in str(told.value)]


def test_half_a_configuration_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIGQUERY_PROJECT", "shop")

    with pytest.raises(ActionableError, match="set BIGQUERY_CREDENTIALS too"):
        to_bigquery(read_settings())


def test_nothing_personal_arrives(
    emulator: str, client: bigquery.Client, demo_warehouse: Path
) -> None:
    with open_release(demo_warehouse, AS_OF) as release:
        told = publish_bigquery(release, BigQueryPlace("shop", None, endpoint=emulator))
    texts = [
        "\t".join(str(value) for value in row)
        for dataset in datasets(client)
        for table in tables(client, dataset)
        for row in rows(client, f"{dataset}.{table}")
    ]

    assert told.rows == len(texts) > 10_000
    assert personal_data_in("\n".join(texts)) == set()
