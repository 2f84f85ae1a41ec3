"""What exports of chats have in common: who is the customer, and ids where the format has none."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestration.sources.contract import Reading

# Speakers of a chat that are looked at to find its customer; those of a crowd change nothing.
MOST_SPEAKERS = 100
_REMEMBERED_IDS = 100_000

# Names by key (an id, or the name itself), in the order in which they first spoke.
Speakers = dict[str, tuple[str, ...]]


def note_speaker(speakers: Speakers, key: str, *names: str | None) -> None:
    """Add who spoke, once, with all names that business.yml may call them by."""
    if key and key not in speakers and len(speakers) < MOST_SPEAKERS:
        speakers[key] = tuple(name for name in (key, *names) if name)


def find_customer(
    speakers: Mapping[str, tuple[str, ...]], reading: Reading, expected: str | None
) -> str | None:
    """Key of the chat's one customer; None = everybody whom business.yml does not declare.

    The customer is whom the format names as the other side (`expected`), if they speak and are not
    declared, or if nobody answered the only one who does. Else, where somebody is declared, all
    others are customers. Else it is who spoke first, as customers write to a business and not the
    other way round.
    """
    undeclared = [key for key, names in speakers.items() if not reading.declared_role(*names)]
    if expected in undeclared or (expected and len(speakers) == 1):
        return expected
    if len(undeclared) < len(speakers):
        return undeclared[0] if len(undeclared) == 1 else None
    return next(iter(undeclared), None)


@dataclass(frozen=True)
class MessageIds:
    """Ids of messages that have none, from what they say and how many such came before.

    The same messages have the same ids in every file; what was said twice in one minute is two
    messages. Only the last hundred thousand are remembered.
    """

    _counts: OrderedDict[str, int] = field(default_factory=OrderedDict)

    def make(self, *parts: object) -> str:
        """Give the id of the next message made of these parts."""
        content = hashlib.sha256("\x1f".join(map(str, parts)).encode(errors="replace")).hexdigest()
        count = self._counts.pop(content, 0) + 1
        self._counts[content] = count
        if len(self._counts) > _REMEMBERED_IDS:
            self._counts.popitem(last=False)
        return f"{content[:32]}-{count}"
