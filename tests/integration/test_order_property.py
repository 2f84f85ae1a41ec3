"""However rows are ordered, repeated and cut into deliveries, the marts are the same."""

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.adversarial_rows import DENSE, SETTINGS, START, raw_rows
from tests.integration.models_in_memory import Models, compile_models, marts, with_origin

KEYS = {
    "fct_sessions": "business_id, session_id",
    "fct_turns": "business_id, turn_id",
    "fct_leads": "business_id, system, lead_id",
    "fct_predictions": "business_id, message_key",
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("models"))


@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(raw=raw_rows(DENSE), seed=st.integers(0, 10**6))
def test_the_marts_are_the_same_in_any_order_of_arrival(
    models: Models, raw: dict[str, list[dict[str, Any]]], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    told: dict[str, Any] = dict(SETTINGS)
    shuffled: dict[str, Any] = dict(SETTINGS)
    for stream, rows in raw.items():
        again = [*rows, *chance.sample(rows, len(rows) // 2)]
        chance.shuffle(again)
        told[stream] = [with_origin(stream, row, line) for line, row in enumerate(rows)]
        shuffled[stream] = [
            with_origin(stream, row, line)
            | {"loaded_at": START + timedelta(seconds=chance.randrange(10**6))}
            for line, row in enumerate(again)
        ]
    with models.build(told) as first, models.build(shuffled) as second:
        assert marts(first) == marts(second)
        for mart, key in KEYS.items():
            keys = second.execute(f"select {key} from marts.{mart}").fetchall()
            assert len(set(keys)) == len(keys)
