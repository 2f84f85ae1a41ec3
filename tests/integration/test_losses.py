"""What lost sessions cost: the interval of a product, and losses across channels as data arrive."""

import math
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from scipy import stats

from orchestration.scope import Scope
from tests.integration.adversarial_rows import START
from tests.integration.models_in_memory import Models, compile_models, marts
from tests.integration.test_incremental_property import (
    AS_OF,
    arrive,
    lead,
    rebuilt,
    said,
    tell_settings,
    touched,
)
from tests.integration.test_intervals import compute, macros


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Models]:
    with pytest.MonkeyPatch.context() as patch:
        # A handful of rows is always a large part of all.
        patch.setattr("orchestration.scope.MOST_TOUCHED", float("inf"))
        yield compile_models(tmp_path_factory.mktemp("models"))


Estimate = tuple[float, float, float]


def bounds(one: Estimate, other: Estimate) -> tuple[float | None, float | None]:
    """The interval of the product of two estimates, each given as value, lower, upper."""
    names = [f"{name}{side}" for name in ("one", "other") for side in ("", "_lower", "_upper")]
    columns = dict(zip(names, (*one, *other), strict=True))
    product = macros("products").product_bound
    lower = compute(product("one", "other", "lower"), **columns)
    return lower, compute(product("one", "other", "upper"), **columns)


def test_a_factor_that_is_certain_scales_the_interval_of_the_other() -> None:
    assert bounds((0.25, 0.2, 0.4), (1000.0, 1000.0, 1000.0)) == pytest.approx((200, 400))
    assert bounds((1.0, 1.0, 1.0), (1000.0, 0.0, 2500.0)) == pytest.approx((0, 2500))


def test_doubts_of_two_factors_add_up_as_squares_and_money_is_never_below_zero() -> None:
    # By hand: the parts are 1000 · 0.05 = 50 and 0.25 · 400 = 100.
    spread = math.sqrt(50**2 + 100**2)
    found = bounds((0.25, 0.2, 0.3), (1000.0, 600.0, 1400.0))
    assert found == pytest.approx((250 - spread, 250 + spread))
    assert bounds((0.25, 0.05, 0.6), (1000.0, 0.0, 2500.0))[0] == 0
    # Nobody converted, nobody paid, nobody knows.
    assert bounds((0.0, 0.0, 0.1), (1000.0, 600.0, 1400.0)) == pytest.approx((0, 100))
    assert bounds((0.25, 0.2, 0.3), (0.0, 0.0, 0.0)) == (0, 0)


def test_the_interval_of_a_product_holds_the_truth_about_95_times_in_100() -> None:
    chance = random.Random(20261125)  # noqa: S311
    rate, mean, held, trials = 0.3, 2000.0, 0, 400
    for _ in range(trials):
        converted = sum(chance.random() < rate for _ in range(80))
        revenue = [chance.expovariate(1 / mean) for _ in range(60)]
        wilson = stats.binomtest(converted, 80).proportion_ci(0.95, "wilson")
        paid = sum(revenue) / 60
        half = stats.t.ppf(0.975, 59) * stats.sem(revenue)
        lower, upper = bounds(
            (converted / 80, wilson.low, wilson.high), (paid, max(0.0, paid - half), paid + half)
        )
        assert lower is not None
        assert upper is not None
        held += lower <= rate * mean <= upper
    # Three standard errors of 400 trials are 3.3 points.
    assert 0.915 <= held / trials <= 0.985


REASONS = "select channel, loss_reason, loss_evidence from marts.fct_sessions order by all"


def test_a_lead_on_another_channel_that_comes_later_tells_why_the_session_was_lost(
    models: Models,
) -> None:
    """A lead that a person's phone, e-mail or own id finds touches them, and so does its person."""
    phone = "+79000000001"
    answer = {"sender": "bot", "body": "Ждём вас", "sent_at": START + timedelta(seconds=1)}
    for known, names in [
        ({"phone": phone}, {"phone": "8 900 000-00-01", "channel": "phone"}),
        ({"email": "A@example.com"}, {"email": "a@example.com", "channel": "phone"}),
    ]:
        with models.open() as connection:
            tell_settings(connection, {}, AS_OF[-1])
            arrive(
                connection,
                0,
                [
                    said(1, "anna", **known),
                    said(2, "anna", **answer),
                    said(3, "79000000001", channel="whatsapp", sent_at=START + timedelta(days=2)),
                    said(4, "boris"),
                ],
            )
            models.refresh(connection)
            before = connection.execute(REASONS).fetchall()
            assert ("telegram", "other", "outcome=bot_assumed") in before
            # At first the CRM alone says where it came from.
            created = {"created_at": START + timedelta(days=3)}
            number, other = lead(1, **names, **created, is_deleted=True)
            arrive(connection, 1, [(number, other)])
            models.refresh(connection)
            assert connection.execute(REASONS).fetchall() == before
            assert marts(connection) == rebuilt(models, connection)
            # Then it is there, names the session of the other channel and has moved to it.
            session = connection.execute(
                "select session_id from marts.fct_sessions where channel = 'whatsapp'"
            ).fetchall()[0][0]
            now = {"modified_at": START + timedelta(days=4), "session_id": session}
            arrive(connection, 2, [lead(1, **names, **created, **now)])
            assert models.refresh(connection) is Scope.TOUCHED
            assert touched(connection) == {"anna", "79000000001"}
            assert ("telegram", "wrong_channel", "lead_channel=whatsapp") in connection.execute(
                REASONS
            ).fetchall()
            assert marts(connection) == rebuilt(models, connection)
            # What is known of the other person alone touches both.
            late = START + timedelta(days=2, seconds=30)
            arrive(connection, 3, [said(5, "79000000001", channel="whatsapp", sent_at=late)])
            models.refresh(connection)
            assert touched(connection) == {"anna", "79000000001"}
            assert marts(connection) == rebuilt(models, connection)


def test_a_session_that_a_person_closes_with_a_reason_is_touched_alone(models: Models) -> None:
    with models.open() as connection:
        tell_settings(connection, {}, AS_OF[-1])
        arrive(connection, 0, [said(1, "anna"), said(2, "boris")])
        models.refresh(connection)
        closed = {
            "event_id": "e1",
            "channel": "telegram",
            "user_id": "anna",
            "event": "closed",
            "event_at": START + timedelta(hours=1),
            "reason": "price",
        }
        arrive(connection, 1, [("session_events", closed)])
        models.refresh(connection)
        assert touched(connection) == {"anna"}
        assert connection.execute(REASONS).fetchall() == [
            ("telegram", "no_answer", "customer_messages=1"),
            ("telegram", "price", "label=price, rule=no_answer"),
        ]
        assert marts(connection) == rebuilt(models, connection)
