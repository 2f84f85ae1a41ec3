"""The three real sets load without a reject, with the numbers that their authors give."""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.config import PROJECT_DIR
from orchestration.loading import load_businesses, load_stream
from orchestration.streams import STREAMS
from tests.fixtures.landing_zone import Zone

LANDING = PROJECT_DIR.parent / "shared" / "data" / "landing"

pytestmark = pytest.mark.skipif(
    not LANDING.is_dir(),
    reason="the real data, not to be copied here, is not at ../shared/data",
)


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    path = tmp_path_factory.mktemp("real") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        load_businesses(connection, LANDING)
        for stream in STREAMS:
            load_stream(connection, LANDING, stream)
        yield Zone(LANDING, connection)


def test_no_row_is_rejected_and_none_is_lost(zone: Zone) -> None:
    zone.assert_conserved()
    assert zone.rejects() == []
    assert zone.rows(
        "select business_id, stream, sum(rows_loaded) from raw.loaded_files "
        "group by all order by all"
    ) == [
        ("chitchat", "messages", 258_145),
        ("chitchat", "ratings", 5_988),
        ("hint3_curekart", "intent_labels", 4_955),
        ("hint3_curekart", "messages", 9_910),
        ("sgd", "intent_labels", 4_371),
        ("sgd", "leads", 360),
        ("sgd", "messages", 8_742),
    ]


def test_the_known_answers_of_the_authors_are_there(zone: Zone) -> None:
    # Turns are runs of one sender; they come out only if every line keeps its number.
    assert zone.rows(
        """
        select count(distinct session_id), count(*) filter (where sender is distinct from previous)
        from (
            select *, lag(sender) over (partition by session_id order by source_line) as previous
            from raw.messages
            where business_id = 'chitchat'
        )
        """
    ) == [(7_168, 138_737)]
    assert zone.rows(
        "select count(distinct session_id), count(distinct session_id) filter (where session_id in "
        "(select session_id from raw.leads)) from raw.messages where business_id = 'sgd'"
    ) == [(595, 360)]


def test_a_second_refresh_reads_nothing(zone: Zone) -> None:
    report = load_stream(zone.connection, LANDING, "messages")
    assert (report.files_unchanged, report.rows_read) == (7, 0)
