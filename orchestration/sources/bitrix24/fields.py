"""What business.yml may say under `bitrix24`, and how it is looked up in a record.

Where a field is named, several names may stand, parted by commas: the first that the record has
counts, so that one setting serves the portal's answers (UF_CRM_SESSION_ID) and the export of its
grid (the column's title). Capitals and underscores do not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.sources.contract import Reading

_NAMES = "names of fields"
_VALUES = "values of visit_status, or names or codes of stages"

FIELDS: Mapping[str, str] = {
    "session_id": f"{_NAMES} with the id of the bot's conversation",
    "user_id": f"{_NAMES} with the messenger's own id of the person",
    "channel": f"{_NAMES} with the channel",
    "utm_source": f"{_NAMES} with the source, instead of UTM_SOURCE",
    "utm_medium": f"{_NAMES} with the medium, instead of UTM_MEDIUM",
    "utm_campaign": f"{_NAMES} with the campaign, instead of UTM_CAMPAIGN",
    "loss_reason": f"{_NAMES} with the reason of a loss",
    "paid_amount": f"{_NAMES} of the deal with what was paid",
    "paid_at": f"{_NAMES} of the deal with the day of payment",
    "visit_at": f"{_NAMES} with the time of the visit, where Bitrix24's bookings are not used",
    "visit_service": f"{_NAMES} with the service that was booked",
    "visit_status": f"{_NAMES} with what became of the visit",
    "visit_booked": f"{_VALUES} that mean: booked",
    "visit_arrived": f"{_VALUES} that mean: the customer came",
    "visit_no_show": f"{_VALUES} that mean: the customer did not come",
    "visit_cancelled": f"{_VALUES} that mean: cancelled",
    "won": "names or codes of stages that mean: won",
    "lost": "names or codes of stages that mean: lost",
    "channels": "channels by connector or by value of the field, as in `wz_wa = whatsapp`",
}

_VISITS = ("booked", "arrived", "no_show", "cancelled")
_VISIT_WORDS = {
    "booked": "записан, записана, запись, подтверждена, booked, confirmed",
    "arrived": "пришел, пришла, визит состоялся, да, arrived, visited, yes, y, true, 1",
    "no_show": "не пришел, не пришла, неявка, нет, no_show, no show, no, n",
    "cancelled": "отменен, отменена, отмена, отказ, cancelled, canceled",
}
_UNSET: tuple[object, ...] = (None, "", False, [])


def squashed(name: str) -> str:
    """One spelling for UF_CRM_SESSION_ID, ufCrmSessionId and for a column's title."""
    return name.replace("_", "").replace(" ", "").casefold().replace("ё", "е")


def listed(names: str) -> list[str]:
    """The names that a setting lists."""
    return [name.strip() for name in names.split(",") if name.strip()]


@dataclass(frozen=True)
class Settings:
    """The business's settings, ready to be looked up."""

    fields: Mapping[str, tuple[str, ...]]
    channels: Mapping[str, str]
    visits: Mapping[str, str]
    semantics: Mapping[str, str]

    def visit_status(self, values: Iterable[str | None]) -> str | None:
        """What the first of these values that says something of a visit says."""
        found = (self.visits.get(squashed(value)) for value in values if value)
        return next((status for status in found if status), None)


def settings_of(reading: Reading) -> Settings:
    """Take the settings apart once for a file."""
    given = reading.fields
    own = {f"visit_{status}": given.get(f"visit_{status}", "") for status in _VISITS}
    visits = {
        squashed(word): status
        for words in (_VISIT_WORDS, {status: own[f"visit_{status}"] for status in _VISITS})
        for status in _VISITS
        for word in listed(words[status])
    }
    pairs = (pair.partition("=") for pair in listed(given.get("channels", "")))
    return Settings(
        fields={
            key: tuple(squashed(name) for name in listed(given[key]))
            for key in FIELDS
            if key in given
        },
        channels={name.strip().lower(): channel.strip() for name, _, channel in pairs},
        visits=visits,
        semantics={
            squashed(stage): semantic
            for semantic in ("won", "lost")
            for stage in listed(given.get(semantic, ""))
        },
    )


class Values:
    """The values of one record, found under any of their spellings."""

    def __init__(self, record: Mapping[str, Any], texts: Mapping[str, Any] | None = None) -> None:
        """`texts` are what items of lists say, by field: the record holds their ids."""
        self._values = {squashed(name): value for name, value in record.items()}
        self._texts = {squashed(name): value for name, value in (texts or {}).items()}

    def __contains__(self, name: str) -> bool:
        """Whether there is such a field at all."""
        return name in self._values

    def raw(self, name: str) -> Any:
        """The value as it stands."""
        return self._values.get(name)

    def text(self, *names: str) -> str | None:
        """The first of these fields that is set, as a text; of several values the first."""
        for name in names:
            value = self._texts.get(name) or self._values.get(name)
            if isinstance(value, list):
                value = next((each for each in value if each not in _UNSET), None)
            if value in _UNSET or isinstance(value, dict):
                continue
            return str(value).strip() or None
        return None

    def id(self, *names: str) -> str | None:
        """The first of these fields that names another record; 0 names none."""
        given = (self.text(name) for name in names)
        return next((value for value in given if value and value != "0"), None)

    def money(self, *names: str) -> str | None:
        """The first of these amounts; a field for money says `4900|RUB`."""
        text = self.text(*names)
        return text.partition("|")[0].replace(" ", "").replace("\xa0", "") if text else None
