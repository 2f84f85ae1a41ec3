"""The settings of one business: every key of business.yml, typed and checked."""

from functools import partial
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from orchestration.business_values import (
    Amount,
    Currency,
    Day,
    Dayparts,
    Holidays,
    Ids,
    Names,
    NamesOrLists,
    OpeningHours,
    Patterns,
    Share,
    Targets,
    Text,
    TimeZone,
    WholeNumber,
    default_settings,
)
from orchestration.business_yaml import read_settings_file
from orchestration.sources.contract import Reading
from orchestration.sources.systems import SYSTEMS

_IDS = "a list of texts"
# Systems whose own names, such as custom fields, business.yml gives under the system's key.
_MAPPED_SYSTEMS = ("bitrix24", "amocrm", "whatsapp", "rasa", "chatwoot", "dialogflow")
_AMOUNT = "a number of money, 0 or more"


class Baseline(BaseModel):
    """The period before the bot, both days included, in the business's own dates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start > self.end:
            raise ValueError("it ends before it begins")
        return self


def _default(setting: str) -> str:
    return default_settings()[setting]


class Participants(BaseModel):
    """Who is not a customer, where a vendor's format does not say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bots: Ids = []
    operators: Ids = []


class Business(BaseModel):
    """What business.yml says, completed by the defaults of seeds/business_defaults.csv.

    A field's description is what a person is told when its value is wrong. `opening_hours` is by
    weekday, 1 = Monday; None where the key is absent, while a day that is absent is closed.
    `name` is "" where the key is absent: the folder's name stands for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text = Field("", description="a text")
    timezone: TimeZone = Field(
        default_factory=partial(_default, "timezone"),
        description="an IANA time zone such as Europe/Moscow",
    )
    currency: Currency = Field(
        default_factory=partial(_default, "currency"),
        description="an ISO 4217 code of three capital letters such as RUB",
    )
    session_gap_minutes: WholeNumber = Field(
        default_factory=lambda: int(_default("session_gap_minutes")),
        description="a whole number of minutes above 0",
    )
    lead_window_days: WholeNumber = Field(
        default_factory=lambda: int(_default("lead_window_days")),
        description="a whole number of days above 0",
    )
    opening_hours: OpeningHours | None = Field(
        None,
        description='weekdays mon to sun, each with a list of intervals such as "10:00-20:00", '
        'in order, not overlapping, none past "24:00"',
    )
    holidays: Holidays = Field([], description="a list of `ru` and of dates such as 2026-12-31")
    dayparts: Dayparts | None = Field(
        None,
        description='names with an interval each such as "06:00-12:00", which together cover the '
        "day exactly once; one may cross midnight",
    )
    targets: Targets = Field(
        {},
        description="numbers by KPI of seeds/kpis.csv, ttr_bot_target_seconds or "
        "ttr_human_target_seconds; shares from 0 to 1",
    )
    intent_threshold: Share | None = Field(None, description="a number from 0 to 1")
    fallback_intents: Ids = Field([], description=_IDS)
    out_of_scope_intents: Ids = Field([], description=_IDS)
    planned_handoff_scenarios: Ids = Field([], description=_IDS)
    staff_user_ids: Ids = Field([], description=_IDS)
    test_user_ids: Ids = Field([], description=_IDS)
    spam_patterns: Patterns = Field(
        [], description="a list of regular expressions of RE2, none matching an empty text"
    )
    operator_hourly_cost: Amount | None = Field(None, description=_AMOUNT)
    bot_monthly_cost: Amount | None = Field(None, description=_AMOUNT)
    margin_share: Share | None = Field(None, description="a number from 0 to 1")
    baseline: Baseline | None = Field(
        None, description="`from` and `to`, dates such as 2026-01-31, in order"
    )
    participants: Participants = Field(
        default_factory=lambda: Participants(),
        description="`bots` and `operators`, each a list of names, handles, phones or ids",
    )
    bitrix24: Names = Field(
        {}, description="texts by text: names of the portal's custom fields and stages"
    )
    amocrm: Names = Field(
        {}, description="texts by text: names of the account's custom fields and stages"
    )
    whatsapp: Names = Field({}, description="texts by text, such as `date_order: dmy`")
    rasa: NamesOrLists = Field(
        {}, description="texts or lists by text: the bot's own actions, slots and channel"
    )
    chatwoot: Names = Field({}, description="texts by text: the account's own id and channel")
    dialogflow: Names = Field({}, description="texts by text: the agent's own channel")

    @field_validator(*_MAPPED_SYSTEMS)
    @classmethod
    def _of_known_keys(cls, names: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        system = SYSTEMS.get(str(info.field_name))
        known = system.fields if system else names
        for key in names:
            if key not in known:
                allowed = "; ".join(f"{name}: {meaning}" for name, meaning in known.items())
                raise ValueError(f"{key!r} is no key of it, allowed keys are {allowed}")
        return names

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, settings: object) -> object:
        """A known key with nothing behind it is as good as absent."""
        if not isinstance(settings, dict):
            return settings
        return {
            key: value
            for key, value in settings.items()
            if value is not None or key not in cls.model_fields
        }

    def reading(self, business_id: str, source_file: str, system: str) -> Reading:
        """How a file of `system` is to be read for this business."""
        return Reading(
            business_id=business_id,
            time_zone=self.timezone,
            source_file=source_file,
            bots=frozenset(self.participants.bots),
            operators=frozenset(self.participants.operators),
            fields=getattr(self, system) if system in _MAPPED_SYSTEMS else {},
        )


def read_business(path: Path) -> Business:
    """Read business.yml at `path`; an absent or empty file means the defaults.

    Raises ActionableError naming the file and, for every fault at once, the key, what was given
    and what is allowed.
    """
    return read_settings_file(path, Business)
