"""Intent quality against numpy, scipy and statsmodels, and what must not change it."""

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import numpy as np
import pytest
import yaml
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from tests.integration.adversarial_rows import SETTINGS
from tests.integration.models_in_memory import Models, compile_models, with_origin

PROJECT = Path(__file__).parents[2]
VARIABLES = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]
Z = VARIABLES["interval_z"]
START = datetime(2026, 3, 2, 10)
OUT_OF_SCOPE = "out_of_scope"
# Labels of one weight: how many, how many of them hits, and the weight.
Stratum = tuple[int, int, float]


def macros() -> Any:
    """The macros of classification, callable from Python, with the variables of the project."""
    environment = jinja2.Environment(  # noqa: S701 (SQL, not HTML)
        undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"]
    )
    sources = ("engine", "intervals", "classification")
    text = "\n".join((PROJECT / "macros" / f"{name}.sql").read_text() for name in sources)
    return environment.from_string(text).make_module({"var": VARIABLES.__getitem__})


def stratified(strata: Sequence[Stratum]) -> tuple[float, float, float, float]:
    """Share, interval and effective labels by the macros, as DuckDB computes them."""
    module = macros()
    distances = ", ".join(
        f"sum({module.stratum_distance('hits', 'labels', 'weight', 'value', side)}) as {side}"
        for side in ("lower", "upper")
    )
    ends = ", ".join(
        module.stratified_bound("value", side, "total", side) for side in ("lower", "upper")
    )
    rows = ", ".join(f"({labels}, {hits}, {weight!r}::double)" for labels, hits, weight in strata)
    found = duckdb.execute(
        f"""
        with strata as (from (values {rows}) as strata(labels, hits, weight)),
        pools as (
            select sum(hits * weight) / sum(labels * weight) as value,
                sum(labels * weight) as total, sum(labels * weight * weight) as squares
            from strata
        ),
        spread as (
            select value, total, squares, {distances} from strata cross join pools group by all
        )
        select value, {ends}, {module.effective_labels("total", "squares")} from spread
        """
    ).fetchall()[0]
    return (*map(float, found),)  # type: ignore[return-value]


def expected(strata: Sequence[Stratum]) -> tuple[float, float, float, float]:
    """The same by numpy and statsmodels, label by label where that is another way."""
    labels, hits, weights = (np.array(column, dtype=float) for column in zip(*strata, strict=True))
    outcomes = np.concatenate(
        [
            np.repeat([1.0, 0.0], [int(hit), int(n - hit)])
            for n, hit in zip(labels, hits, strict=True)
        ]
    )
    each = np.repeat(weights, labels.astype(int))
    value = np.average(outcomes, weights=each)
    shares = labels * weights / each.sum()
    own = hits / labels
    ends = proportion_confint(hits, labels, 0.05, "wilson")
    # What the labels say of the sizes of the strata, linearised.
    means = np.repeat(own, labels.astype(int))
    between = Z**2 * np.sum(each**2 * (means - value) ** 2) / each.sum() ** 2
    lower, upper = (np.sqrt(np.sum(shares**2 * (own - end) ** 2) + between) for end in ends)
    effective = each.sum() ** 2 / np.sum(each**2)
    return float(value), max(0.0, value - lower), min(1.0, value + upper), float(effective)


STRATA: Sequence[Sequence[Stratum]] = [
    [(252, 34, 5 / 3), (480, 466, 20 / 3)],
    [(1, 1, 1.0), (1, 0, 3.0), (1, 1, 10.0)],
    [(20, 0, 1.0), (45, 45, 66.7)],
    [(30, 30, 1.0), (30, 30, 2.0)],
    [(30, 0, 1.5), (3, 0, 2.5)],
    [(number + 1, number // 2, 1 + number / 7) for number in range(40)],
]


@pytest.mark.parametrize("strata", STRATA)
def test_a_stratified_interval_is_that_of_numpy_and_statsmodels(strata: Sequence[Stratum]) -> None:
    assert stratified(strata) == pytest.approx(expected(strata), rel=0, abs=1e-9)


@pytest.mark.parametrize(("hits", "labels"), [(0, 7), (8, 10), (33, 33), (1, 1000)])
def test_labels_of_one_weight_give_wilsons_interval(hits: int, labels: int) -> None:
    wilson = stats.binomtest(hits, labels).proportion_ci(0.95, "wilson")
    for weight in (1.0, 6.25):
        value, lower, upper, effective = stratified([(labels, hits, weight)])
        assert (value, effective) == pytest.approx((hits / labels, labels), abs=1e-9)
        assert (lower, upper) == pytest.approx((wilson.low, wilson.high), rel=0, abs=1e-9)


@pytest.mark.parametrize(
    ("sizes", "chances", "truths"),
    [
        # As the demo's clinic labels: most of what went wrong, little of the rest.
        ((60, 240), (0.6, 0.15), (0.5, 0.98)),
        ((40, 40), (0.5, 0.25), (0.8, 0.8)),
        ((30, 300), (1.0, 0.1), (0.2, 0.95)),
    ],
)
@pytest.mark.parametrize("is_by_coin", [False, True], ids=["as many as planned", "by coin"])
def test_the_interval_holds_the_truth_95_times_in_100(
    sizes: Sequence[int], chances: Sequence[float], truths: Sequence[float], is_by_coin: bool
) -> None:
    chance = np.random.default_rng(7)
    truth = np.dot(sizes, truths) / sum(sizes)
    held, draws = 0, 2_000
    for _ in range(draws):
        strata = []
        for size, probability, right in zip(sizes, chances, truths, strict=True):
            labels = chance.binomial(size, probability) if is_by_coin else round(size * probability)
            if labels:
                strata.append((int(labels), int(chance.binomial(labels, right)), 1 / probability))
        _, lower, upper, _ = expected(strata)
        held += lower - 1e-12 <= truth <= upper + 1e-12
    # Wilson's own coverage swings about 95 % by so much.
    assert held / draws >= 0.93


@pytest.mark.parametrize(
    "table",
    [
        [[20, 5], [10, 15]],
        [[3, 0], [0, 2]],
        [[4, 4], [4, 4]],
        [[10, 2, 1], [3, 20, 0], [0, 4, 7]],
    ],
)
def test_kappa_is_that_of_statsmodels_and_knows_no_first_labeller(
    table: Sequence[Sequence[int]],
) -> None:
    for counts in (np.array(table), np.array(table).T):
        pairs, agreed = int(counts.sum()), int(np.trace(counts))
        chance = int(np.dot(counts.sum(axis=0), counts.sum(axis=1)))
        found = duckdb.execute(
            f"select {macros().cohen_kappa('agreed', 'pairs', 'chance')} "
            f"from (select {agreed} as agreed, {pairs} as pairs, {chance} as chance)"
        ).fetchone()
        assert found == (pytest.approx(cohens_kappa(counts, return_results=False), abs=1e-9),)


def test_kappa_of_one_label_alone_is_null() -> None:
    kappa = macros().cohen_kappa("9", "9", "81")
    assert duckdb.execute(f"select {kappa}").fetchone() == (None,)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("models"))


class Labelled:
    """Messages of which some are labelled, each in a session of its own."""

    def __init__(self, count: int, seed: int, prefix: str = "m") -> None:
        chance = random.Random(seed)  # noqa: S311
        self.messages: list[dict[str, Any]] = []
        self.labels: list[dict[str, Any]] = []
        for number in range(count):
            name = f"{prefix}{number}"
            truth = chance.choice(["book", "book", "price", "hours", OUT_OF_SCOPE])
            said = (
                truth if chance.random() < 0.7 else chance.choice(["book", "price", "never_true"])
            )
            # No threshold above 0.5: under it the bot gave up.
            confidence = chance.choice([0.3, 0.6, 0.9, 0.9])
            self.messages.append(
                {
                    "message_id": name,
                    "channel": "web",
                    "user_id": f"user-{name}",
                    "sent_at": START + timedelta(minutes=number),
                    "sender": "customer",
                    "kind": "text",
                    "body": "text",
                    "intent": said,
                    "intent_confidence": confidence,
                }
            )
            probability = {0.3: 0.9, 0.6: 0.6, 0.9: 0.35}[confidence]
            if chance.random() < probability:
                self.labels.append(
                    {
                        "message_id": name,
                        "true_intent": truth,
                        "labeller": chance.choice(["a", "b"]),
                        "labelled_at": START + timedelta(hours=number % 5),
                        "selection_probability": probability,
                    }
                )

    def judged(self) -> list[tuple[str, str, float]]:
        """Predicted class, true class and weight of each labelled message, by hand."""
        said = {message["message_id"]: message for message in self.messages}
        return [
            (
                OUT_OF_SCOPE
                if (m := said[label["message_id"]])["intent_confidence"] < 0.5
                else m["intent"],
                label["true_intent"],
                1 / label["selection_probability"],
            )
            for label in self.labels
        ]


def build(
    models: Models, messages: Sequence[Mapping[str, Any]], labels: Sequence[Mapping[str, Any]]
) -> duckdb.DuckDBPyConnection:
    rows: dict[str, Any] = dict(SETTINGS)
    for stream, told in (("messages", messages), ("intent_labels", labels)):
        rows[stream] = [with_origin(stream, row, line) for line, row in enumerate(told)]
    return models.build(rows)


def all_time(connection: duckdb.DuckDBPyConnection, columns: str) -> tuple[Any, ...]:
    return connection.execute(
        f"select {columns} from marts.rpt_intent_quality where period = 'all_time'"
    ).fetchall()[0]


ACCURACY = "accuracy, accuracy_lower, accuracy_upper"


def strata_of(judged: Iterable[tuple[str, str, float]]) -> list[Stratum]:
    by_weight: dict[float, list[bool]] = {}
    for predicted, true, weight in judged:
        by_weight.setdefault(weight, []).append(predicted == true)
    return [(len(hits), sum(hits), weight) for weight, hits in by_weight.items()]


def test_the_reports_give_what_plain_python_and_statsmodels_give(models: Models) -> None:
    data = Labelled(400, seed=3)
    judged = data.judged()
    weights: Counter[tuple[str, str]] = Counter()
    for predicted, true, weight in judged:
        weights[predicted, true] += weight  # type: ignore[assignment]
    classes = {name for pair in weights for name in pair}
    scores = {
        name: 2
        * weights[name, name]
        / sum(weights[name, other] + weights[other, name] for other in classes)
        for name in classes
    }
    with build(models, data.messages, data.labels) as connection:
        found = all_time(connection, f"{ACCURACY}, effective_labels, macro_f1, coverage")
        assert found[:4] == pytest.approx(expected(strata_of(judged)), abs=1e-9)
        assert found[4] == pytest.approx(sum(scores.values()) / len(scores), abs=1e-9)
        assert found[5] == len(data.labels) / 400
        assert scores["never_true"] == 0
        for condition, column in (("!=", "in_scope_accuracy"), ("=", "out_of_scope_recall")):
            some = [row for row in judged if (row[1] == OUT_OF_SCOPE) == (condition == "=")]
            ends = all_time(connection, f"{column}, {column}_lower, {column}_upper")
            assert ends == pytest.approx(expected(strata_of(some))[:3], abs=1e-9)
        intents = connection.execute(
            "select intent, f1, precision, precision_lower, precision_upper, recall, recall_lower, "
            "recall_upper, no_match_share from marts.rpt_intents where period = 'all_time'"
        ).fetchall()
        assert {intent for intent, *_ in intents} == classes
        unsure = {m["message_id"] for m in data.messages if m["intent_confidence"] < 0.5}
        fallbacks = [
            (label["true_intent"], 1 / label["selection_probability"])
            for label in data.labels
            if label["message_id"] in unsure
        ]
        for intent, f1, *shares, no_match in intents:
            assert f1 == pytest.approx(scores[intent], abs=1e-9)
            taken = strata_of(row for row in judged if row[0] == intent)
            meant = strata_of(row for row in judged if row[1] == intent)
            both = [*(expected(taken)[:3] if taken else [None] * 3)]
            both += [*(expected(meant)[:3] if meant else [None] * 3)]
            assert shares == pytest.approx(both, abs=1e-9)
            # To say out of scope is no fallback.
            given_up = sum(w for t, w in fallbacks if t == intent)
            total = sum(w for _, t, w in judged if t == intent)
            assert no_match == (pytest.approx(given_up / total, abs=1e-9) if meant else None)
        confusions = connection.execute(
            "select case when predicted_intent = 'fallback' then 'out_of_scope' "
            "else predicted_intent end as predicted, true_intent, sum(weighted_messages) "
            "from marts.rpt_intent_confusions where period = 'all_time' group by all"
        ).fetchall()
        assert {(p, t): w for p, t, w in confusions} == pytest.approx(dict(weights), abs=1e-3)


def test_messages_that_nobody_labelled_change_neither_accuracy_nor_its_interval(
    models: Models,
) -> None:
    data, more = Labelled(200, seed=5), Labelled(150, seed=6, prefix="more")
    with build(models, data.messages, data.labels) as connection:
        before = all_time(connection, f"{ACCURACY}, effective_labels, macro_f1")
    with build(models, [*data.messages, *more.messages], data.labels) as connection:
        assert all_time(connection, f"{ACCURACY}, effective_labels, macro_f1") == before
        assert all_time(connection, "classifiable_messages") == (350,)


def test_rows_in_another_order_change_nothing(models: Models) -> None:
    data = Labelled(200, seed=8)
    chance = random.Random(1)  # noqa: S311
    reports = ("rpt_intent_quality", "rpt_intents", "rpt_intent_confusions", "rpt_review_queue")
    found = []
    for _ in range(2):
        with build(models, data.messages, data.labels) as connection:
            found.append(
                {
                    name: connection.execute(f"from marts.{name} order by all").fetchall()
                    for name in reports
                }
            )
        chance.shuffle(data.messages)
        chance.shuffle(data.labels)
    assert found[0] == found[1]
    assert all(found[0].values())


def test_twice_the_labels_of_the_same_kind_narrow_the_interval(models: Models) -> None:
    data, again = Labelled(200, seed=9), Labelled(200, seed=9, prefix="again")
    with build(models, data.messages, data.labels) as connection:
        value, lower, upper = all_time(connection, ACCURACY)
    with build(
        models, [*data.messages, *again.messages], [*data.labels, *again.labels]
    ) as connection:
        same, higher, smaller = all_time(connection, ACCURACY)
    assert same == pytest.approx(value, abs=1e-12)
    assert lower < higher < same < smaller < upper
    assert (smaller - higher) / (upper - lower) == pytest.approx(1 / math.sqrt(2), rel=0.05)


def test_a_label_by_the_key_of_the_queue_is_as_good_as_one_by_the_platforms_id(
    models: Models,
) -> None:
    """The loop closes: what the queue shows is labelled, counts with its weight and leaves it."""
    data = Labelled(400, seed=11)
    data.labels.clear()
    with build(models, data.messages, []) as connection:
        queue = connection.execute(
            "select message_key, stratum, selection_probability, predicted_intent "
            "from marts.rpt_review_queue order by position"
        ).fetchall()
    assert 0 < len(queue) <= 200
    strata = Counter(stratum for _, stratum, _, _ in queue)
    chances = {stratum: chance for _, stratum, chance, _ in queue}
    labels = [
        {
            "message_id": key,
            "true_intent": "book" if predicted == "book" else "price",
            "labeller": "a",
            "labelled_at": START + timedelta(hours=1),
            "selection_probability": chance,
        }
        for key, _, chance, predicted in queue
    ]
    with build(models, data.messages, labels) as connection:
        left = connection.execute("select message_key from marts.rpt_review_queue").fetchall()
        assert {key for (key,) in left} & {key for key, *_ in queue} == set()
        assert all_time(connection, "labelled_messages, classifiable_messages") == (len(queue), 400)
        # The labels of a stratum stand for all of it, and together for every message.
        [(weight,)] = connection.execute(
            "select sum(label_weight) from marts.fct_predictions"
        ).fetchall()
        assert weight == pytest.approx(sum(n / chances[s] for s, n in strata.items()), abs=1e-6)
        assert weight == pytest.approx(400, abs=1e-6)
