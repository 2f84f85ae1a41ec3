"""One whole refresh of real conversations, against what their authors say of them.

The data lie beside the repository and are never copied into it. One business more is HINT3 under a
second threshold, and one has the article's own table.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.config import PROJECT_DIR
from tests.integration.conftest import Places

REAL_LANDING = PROJECT_DIR.parent / "shared" / "data" / "landing"
ENGINES = ("bert", "dialogflow", "haptik", "luis", "rasa")
OUT_OF_SCOPE = "NO_NODES_DETECTED"

# As printed, and as a table with an unlabelled answer, a slow second turn and no date.
ARTICLE_QUERY = """
    SELECT session_id, MIN(response_time) AS ttr, SUM(CASE WHEN intent_correct THEN 1 ELSE 0 END)/COUNT(*) AS
    intent_accuracy, SUM(CASE WHEN created_lead=1 THEN 1 ELSE 0 END) AS leads FROM chat_logs GROUP BY session_id;
"""  # noqa: E501
ARTICLE_TABLE = """session_id,response_time,intent_correct,created_lead
s1,2.5,true,0
s1,9,false,1
s2,4,,0
"""

pytestmark = pytest.mark.skipif(
    not REAL_LANDING.is_dir(),
    reason="the real data are not here: lay them at ../shared/data beside the repository",
)


def refresh(places: Places) -> None:
    run = places.refresh(changes={"AS_OF": "2026-11-22T00:00:00Z"})
    assert run.returncode == 0, run.stdout + run.stderr


def exported(places: Places) -> dict[str, str]:
    return {
        str(path.relative_to(places.exports)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(places.exports.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Places:
    real = Places(tmp_path_factory.mktemp("real"))
    shutil.copytree(REAL_LANDING, real.landing)
    for business, threshold in (("hint3_curekart", 0.5), ("hint3_strict", 0.9)):
        folder = real.landing / business
        if not folder.exists():
            shutil.copytree(REAL_LANDING / "hint3_curekart", folder)
        (folder / "business.yml").unlink(missing_ok=True)
        (folder / "business.yml").write_text(
            f"intent_threshold: {threshold}\nout_of_scope_intents: [{OUT_OF_SCOPE}]\n"
        )
    article = real.landing / "article_salon" / "article" / "chat_logs"
    article.mkdir(parents=True)
    (article / "answers.csv").write_text(ARTICLE_TABLE)
    refresh(real)
    return real


@pytest.fixture
def warehouse(real: Places) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(real.warehouse), read_only=True) as connection:
        yield connection


def test_every_line_of_every_real_set_is_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute(
        "select sum(rows_rejected), sum(rows_duplicate), sum(rows_read - rows_loaded) "
        "from raw.loaded_files"
    ).fetchone() == (0, 0, 0)
    assert warehouse.execute("select count(*) from raw.rejected").fetchone() == (0,)


def test_chitchat_has_the_sessions_messages_and_turns_of_its_authors(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert warehouse.execute(
        "select count(*), sum(messages), count(distinct user_key) "
        "from marts.fct_sessions where business_id = 'chitchat'"
    ).fetchone() == (7_168, 258_145, 1_036)
    # Of the 1,315 participants 1,036 wrote first. The authors count the turns of both sides: a
    # customer's turn and the answer to it.
    assert warehouse.execute(
        "select count(*) + count(answered_at) from marts.fct_turns where business_id = 'chitchat'"
    ).fetchone() == (138_737,)


def test_sgd_has_a_lead_wherever_the_booking_succeeded(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert warehouse.execute(
        "select count(*), count(*) filter (where is_converted), sum(leads) "
        "from marts.fct_sessions where business_id = 'sgd'"
    ).fetchone() == (595, 360, 360)
    rate = warehouse.execute(
        "select numerator, denominator, value from marts.rpt_scorecard "
        "where business_id = 'sgd' and kpi = 'lead_conversion_rate' and period = 'all_time'"
    ).fetchone()
    assert rate == (360, 595, pytest.approx(360 / 595))


def _said_and_true(engine: str, threshold: float) -> list[tuple[str, str]]:
    """What an engine took each query for and what it was, straight from the authors' files."""
    folder = REAL_LANDING / "hint3_curekart" / "generic"
    with gzip.open(folder / "messages" / f"{engine}.jsonl.gz", "rt") as lines:
        said = {row["message_id"]: row for row in map(json.loads, lines) if "intent" in row}
    with gzip.open(folder / "intent_labels" / f"{engine}.jsonl.gz", "rt") as lines:
        truth = {row["message_id"]: row["true_intent"] for row in map(json.loads, lines)}
    return [
        (row["intent"] if row["intent_confidence"] >= threshold else "fallback", truth[key])
        for key, row in said.items()
    ]


def _published_accuracy(engine: str, threshold: float) -> float:
    """The accuracy as the authors of HINT3 define it."""
    judged = _said_and_true(engine, threshold)
    return sum(_class(said) == _class(true) for said, true in judged) / len(judged)


@pytest.mark.parametrize(
    ("business", "threshold"), [("hint3_curekart", 0.5), ("hint3_strict", 0.9)]
)
@pytest.mark.parametrize("engine", ENGINES)
def test_intent_accuracy_is_that_of_the_published_evaluation(
    warehouse: duckdb.DuckDBPyConnection, business: str, threshold: float, engine: str
) -> None:
    found = warehouse.execute(
        "select sum(correct_messages) / sum(labelled_messages) from marts.rpt_kpi_daily "
        "where business_id = ? and bot_version = ?",
        [business, engine],
    ).fetchone()
    assert found == (pytest.approx(_published_accuracy(engine, threshold), abs=1e-12),)


@pytest.mark.parametrize(
    ("business", "accuracy", "fallback", "in_scope", "out_of_scope"),
    [
        ("hint3_curekart", 0.51463, 0.1625, 0.81858, 0.25974),
        ("hint3_strict", 0.64077, 0.3925, 0.73894, 0.55844),
    ],
)
def test_rasa_gives_the_printed_figures_of_hint3(
    warehouse: duckdb.DuckDBPyConnection,
    business: str,
    accuracy: float,
    fallback: float,
    in_scope: float,
    out_of_scope: float,
) -> None:
    found = warehouse.execute(
        """
        select
            avg(turns.is_correct::integer),
            avg(turns.is_no_match::integer),
            avg(turns.is_correct::integer) filter (where turns.true_intent != ?),
            avg(turns.is_correct::integer) filter (where turns.true_intent = ?)
        from marts.fct_turns as turns
        inner join marts.fct_sessions as sessions using (business_id, session_id)
        where business_id = ? and sessions.bot_version = 'rasa'
        """,
        [OUT_OF_SCOPE, OUT_OF_SCOPE, business],
    ).fetchone()
    assert found == (
        pytest.approx(accuracy, abs=5e-6),
        pytest.approx(fallback, abs=5e-5),
        pytest.approx(in_scope, abs=5e-6),
        pytest.approx(out_of_scope, abs=5e-6),
    )


@pytest.mark.parametrize(
    ("business", "threshold"), [("hint3_curekart", 0.5), ("hint3_strict", 0.9)]
)
def test_every_figure_of_intent_quality_is_that_of_the_authors_files(
    warehouse: duckdb.DuckDBPyConnection, business: str, threshold: float
) -> None:
    judged = {engine: _said_and_true(engine, threshold) for engine in ENGINES}
    by_engine = warehouse.execute(
        """
        select
            bot_version,
            avg(is_correct::integer) filter (where true_class != 'out_of_scope'),
            avg(is_correct::integer) filter (where true_class = 'out_of_scope'),
            avg(is_no_match::integer)
        from marts.fct_predictions
        where business_id = ?
        group by bot_version
        order by bot_version
        """,
        [business],
    ).fetchall()
    assert by_engine == [
        pytest.approx((engine, *_figures(judged[engine])), abs=1e-12) for engine in ENGINES
    ]
    pooled = [pair for pairs in judged.values() for pair in pairs]
    scores = _f1(pooled)
    intents = warehouse.execute(
        "select intent, f1, messages, true_messages from marts.rpt_intents "
        "where business_id = ? and period = 'all_time'",
        [business],
    ).fetchall()
    assert {intent: f1 for intent, f1, *_ in intents} == pytest.approx(scores, abs=1e-12)
    assert {intent: counts for intent, _, *counts in intents} == {
        intent: [
            sum(_class(said) == intent for said, _ in pooled),
            sum(_class(true) == intent for _, true in pooled),
        ]
        for intent in scores
    }
    in_scope, out_of_scope, _ = _figures(pooled)
    accuracy = sum(_class(said) == _class(true) for said, true in pooled) / len(pooled)
    quality = warehouse.execute(
        "select status, labelled_messages, coverage, accuracy, in_scope_accuracy, "
        "out_of_scope_recall, macro_f1, kappa from marts.rpt_intent_quality "
        "where business_id = ? and period = 'all_time'",
        [business],
    ).fetchone()
    assert quality == (
        "measured",
        len(pooled),
        1.0,
        pytest.approx(accuracy, abs=1e-12),
        pytest.approx(in_scope, abs=1e-12),
        pytest.approx(out_of_scope, abs=1e-12),
        pytest.approx(sum(scores.values()) / len(scores), abs=1e-12),
        None,
    )


def _figures(judged: list[tuple[str, str]]) -> tuple[float, float, float]:
    """In-scope accuracy, out-of-scope recall and the share that the threshold refused."""
    in_scope = [said == true for said, true in judged if true != OUT_OF_SCOPE]
    out_of_scope = [_class(said) == "out_of_scope" for said, true in judged if true == OUT_OF_SCOPE]
    refused = [said == "fallback" for said, _ in judged]
    return (
        sum(in_scope) / len(in_scope),
        sum(out_of_scope) / len(out_of_scope),
        sum(refused) / len(refused),
    )


def _f1(judged: list[tuple[str, str]]) -> dict[str, float]:
    """Each class's F1: 2 × right / (predicted + true)."""
    pairs = [(_class(said), _class(true)) for said, true in judged]
    return {
        name: 2
        * sum(said == true == name for said, true in pairs)
        / (sum(said == name for said, _ in pairs) + sum(true == name for _, true in pairs))
        for name in {name for pair in pairs for name in pair}
    }


def _class(intent: str) -> str:
    return "out_of_scope" if intent in (OUT_OF_SCOPE, "fallback") else intent


def test_the_articles_query_runs_as_it_is_printed(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("use marts")
    rows = {row[0]: row[1:] for row in warehouse.execute(ARTICLE_QUERY).fetchall()}
    assert rows["s1"] == (2.5, 0.5, 1)
    # The article counts what nobody labelled as wrong.
    assert rows["s2"] == (4.0, 0.0, 0)
    assert len(rows) == 595 + 991 * 5 + 2


def test_a_second_refresh_with_nothing_new_loads_nothing_and_leaves_the_exports_alone(
    real: Places,
) -> None:
    before = exported(real)
    with duckdb.connect(str(real.warehouse), read_only=True) as connection:
        ledger = connection.execute("from raw.loaded_files order by all").fetchall()
    refresh(real)
    with duckdb.connect(str(real.warehouse), read_only=True) as connection:
        assert connection.execute("from raw.loaded_files order by all").fetchall() == ledger
    assert exported(real) == before
