"""How ordinary conversations go: decided here first, told by plots.py afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from orchestration.demo.businesses import Plot, Service
from orchestration.demo.dialogues import DAYS, TIMES, Scenario
from orchestration.demo.diary import Diary
from orchestration.demo.truth import MatchMethod, Person

EXPERIMENT = "greeting_2026"
BOT_VERSIONS = ("1.4", "2.0")
_NEWER_BOT_FROM_DAY = 52
# The weeks before everybody had learnt to live with the bot: the baseline to compare with.
FIRST_WEEKS_DAYS = 28
_FIRST_WEEKS_PULL: Mapping[Plot, float] = {
    "silence": 1.6,
    "operator_answers": 1.9,
    "bot_books": 0.72,
}
# From a broadcast, or from the opening that an answer waited for, to the last word.
_LONGEST_TALK = timedelta(hours=12)
_VARIANT_PULL = {"A": 0.72, "B": 1.3}
_HANDOFFS: tuple[Plot, ...] = (
    "asks_for_person",
    "bot_gives_up",
    "planned_handoff",
    "operator_steps_in",
)
_HOUR_WEIGHTS = (1, 1, 0, 0, 0, 1, 2, 4, 7, 10, 13, 14, 13, 12, 11, 11, 12, 13, 13, 12, 10, 8, 5, 3)

T = TypeVar("T")


@dataclass(frozen=True)
class Story:
    """One conversation as decided before a word is said.

    `human_wait` None: nobody takes it. `lead_link` says how the lead, if `makes_lead`, is tied to
    the conversation (None: not at all). `ends_politely`: the customer has the last, thankful word.
    """

    plot: Plot
    scenario: Scenario
    service: Service
    master: str
    day: str
    time: str
    newer_bot: bool
    variant: str | None
    answer_seconds: int
    human_wait: int | None
    makes_lead: bool
    lead_link: MatchMethod | None
    ends_politely: bool
    csat_chat: int | None
    nps_score: int | None
    after_broadcast: bool

    @property
    def bot_version(self) -> str:
        """The version that was running."""
        return BOT_VERSIONS[self.newer_bot]


def choose(diary: Diary, weights: Mapping[T, float]) -> T:
    """Draw one key by its weight."""
    return diary.rng.choices(tuple(weights), tuple(weights.values()))[0]


def decide(diary: Diary, person: Person, starts_at: datetime) -> Story:
    """Decide everything that matters about a conversation that starts at `starts_at`."""
    rng, business = diary.rng, diary.business
    day = (diary.local_date(starts_at) - diary.day(0)).days
    newer_bot = day >= _NEWER_BOT_FROM_DAY
    tested = business.has_greeting_test and day >= FIRST_WEEKS_DAYS
    variant = person.arm if tested else None
    weights = dict(business.plots)
    if day < FIRST_WEEKS_DAYS:
        weights |= {plot: weights[plot] * pull for plot, pull in _FIRST_WEEKS_PULL.items()}
    if variant is not None:
        weights["bot_books"] *= _VARIANT_PULL[variant]
    plot = choose(diary, weights)
    scenario = _scenario_for(diary, plot)
    makes_lead = plot == "bot_books" or (
        plot in ("operator_answers", *_HANDOFFS) and scenario.books and rng.random() < 0.5
    )
    human_wait = None
    if plot == "operator_answers" or (plot in _HANDOFFS and rng.random() < 0.88):
        human_wait = human_wait_from(diary, starts_at)
    if plot == "operator_steps_in":
        human_wait = rng.randint(20, 240)
    makes_lead = makes_lead and (plot == "bot_books" or human_wait is not None)
    ends_politely = plot == "bot_confirms" or (plot == "bot_books" and rng.random() < 0.6)
    csat, nps = _ratings(diary, plot, human_wait is not None)
    return Story(
        plot=plot,
        scenario=scenario,
        service=rng.choice(business.services),
        master=rng.choice(business.masters),
        day=rng.choice(DAYS),
        time=rng.choice(TIMES),
        newer_bot=newer_bot,
        variant=variant if plot not in ("silence", "operator_answers") else None,
        answer_seconds=bot_delay(diary, newer_bot=newer_bot),
        human_wait=human_wait,
        makes_lead=makes_lead,
        lead_link=choose(diary, business.lead_links) if makes_lead else None,
        ends_politely=ends_politely,
        csat_chat=csat,
        nps_score=nps,
        after_broadcast=plot in ("bot_books", "bot_informs", "bot_confirms")
        and rng.random() < 0.05
        and starts_at + _LONGEST_TALK < diary.as_of,
    )


def bot_delay(diary: Diary, *, newer_bot: bool) -> int:
    """Seconds until the bot's first answer: quick as a rule, now and then not."""
    draw = diary.rng.random()
    slow = 0.05 if newer_bot else 0.12
    if draw < slow / 4:
        return diary.rng.randint(21, 95)
    if draw < slow:
        return diary.rng.randint(6, 14)
    return diary.rng.choice((1, 1, 2, 2, 2, 3, 3, 4))


def human_wait_from(diary: Diary, moment: datetime) -> int:
    """Seconds until a person answers what came up at `moment`: after the opening if closed."""
    business, rng = diary.business, diary.rng
    local = moment.astimezone(ZoneInfo(business.timezone))
    quick = min(int(rng.lognormvariate(5.0, 0.8)) + 12, 2400)
    if _is_open(diary, local):
        return quick
    opening = local.replace(hour=business.opens, minute=0, second=0)
    while opening <= local or opening.weekday() in business.closed_weekdays:
        opening += timedelta(days=1)
    # What would be answered after the demo's end is answered out of hours.
    if opening + _LONGEST_TALK > diary.as_of:
        return quick
    return int(opening.timestamp() - local.timestamp()) + quick


def time_of_day(diary: Diary, *, latest_hour: int = 23) -> str:
    """A plausible time on the wall clock."""
    rng = diary.rng
    hour = rng.choices(range(latest_hour + 1), _HOUR_WEIGHTS[: latest_hour + 1])[0]
    return f"{hour:02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"


def _is_open(diary: Diary, local: datetime) -> bool:
    business = diary.business
    return (
        local.weekday() not in business.closed_weekdays
        and business.opens <= local.hour < business.closes
    )


def _scenario_for(diary: Diary, plot: Plot) -> Scenario:
    usage = "planned" if plot == "planned_handoff" else "talk"
    fitting = {
        scenario: scenario.weight or 1.0
        for scenario in diary.business.scenarios
        if scenario.usage == usage and (plot != "bot_books" or scenario.books)
    }
    return choose(diary, fitting)


def _ratings(diary: Diary, plot: Plot, helped: bool) -> tuple[int | None, int | None]:
    """The scores a customer leaves afterwards: fitting the plot, and mostly none."""
    rng = diary.rng
    pleased = plot in ("bot_books", "bot_confirms", "operator_answers") or (
        plot in _HANDOFFS and helped
    )
    csat: int | None = None
    nps: int | None = None
    if pleased and rng.random() < 0.3:
        csat = rng.choices((5, 4, 3, 2, 1), (63, 28, 5, 2, 2))[0]
    if pleased and rng.random() < 0.2:
        nps = rng.choices((10, 9, 8, 7, 6, 4, 1), (33, 26, 15, 10, 8, 4, 4))[0]
    if plot in ("bot_informs", "left_at_question") and rng.random() < 0.05:
        csat = rng.choices((3, 2, 1), (5, 3, 2))[0]
    return csat, nps
