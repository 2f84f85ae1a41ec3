"""What a business's systems would have recorded, kept in memory until it is written."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from orchestration.demo.businesses import Business
from orchestration.demo.truth import LeadTruth, Person, SessionTruth, midnight

Row = dict[str, object]


@dataclass(frozen=True)
class Delivery:
    """One row of one stream and when it reached us, which decides its file and its place there."""

    arrives_at: datetime
    number: int
    row: Row


@dataclass(frozen=True)
class Heard:
    """What a customer meant and what the bot took it for; `no_match` is the bot giving up."""

    meant: str
    taken_for: str | None
    confidence: float
    no_match: bool

    @property
    def is_correct(self) -> bool:
        """Giving up is right only where the bot was never meant to understand."""
        if self.no_match:
            return self.meant == OUT_OF_SCOPE
        return self.meant == self.taken_for


OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class HeardMessage:
    """A message that the classifier had to classify, waiting for somebody to label it."""

    message_id: str
    sent_at: datetime
    heard: Heard
    session: SessionTruth


@dataclass
class Diary:
    """All that is known of one business: its rows by stream, its truth, its running numbers."""

    business: Business
    end_date: date
    days: int
    rng: Random
    rows: dict[str, list[Delivery]] = field(default_factory=dict)
    sessions: list[SessionTruth] = field(default_factory=list)
    leads: list[LeadTruth] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    heard: list[HeardMessage] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _starts: set[tuple[str, datetime]] = field(default_factory=set)

    @property
    def as_of(self) -> datetime:
        """Nothing later than this can have been recorded."""
        return midnight(self.end_date)

    def record(self, stream: str, row: Row, arrives_at: datetime) -> None:
        """Put a row on record; what would arrive after the end has not arrived yet."""
        if arrives_at >= self.as_of:
            return
        deliveries = self.rows.setdefault(stream, [])
        deliveries.append(Delivery(arrives_at, len(deliveries), row))

    def number(self, kind: str, start: int = 1) -> int:
        """The next running number of its kind."""
        self._numbers[kind] = self._numbers.get(kind, start - 1) + 1
        return self._numbers[kind]

    def moment(self, day: date, clock: str, fold: int = 0) -> datetime:
        """The UTC moment at which the business's wall clock shows `clock` (HH:MM or HH:MM:SS)."""
        zone = ZoneInfo(self.business.timezone)
        local = datetime.combine(day, time.fromisoformat(clock), zone).replace(fold=fold)
        return local.astimezone(UTC)

    def wall_clock(self, moment: datetime) -> str:
        """What the business's wall clock shows (HH:MM:SS)."""
        return moment.astimezone(ZoneInfo(self.business.timezone)).strftime("%H:%M:%S")

    def local_date(self, moment: datetime) -> date:
        """The date on the business's wall."""
        return moment.astimezone(ZoneInfo(self.business.timezone)).date()

    def day(self, number: int) -> date:
        """Day `number` of the demo, from 0; a negative one counts from the end (-1 is the last)."""
        return self.end_date - timedelta(days=-number if number < 0 else self.days - number)

    def free_start(self, channel: str, moment: datetime) -> datetime:
        """The next second at which no other session begins on `channel`.

        A session without an id of its own is found again by channel and first moment.
        """
        while (channel, moment) in self._starts:
            moment += timedelta(seconds=1)
        self._starts.add((channel, moment))
        return moment
