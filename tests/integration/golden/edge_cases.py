"""The edge cases that the contract lists, and the scenarios that tell each of them."""

from collections.abc import Mapping, Sequence

EDGE_CASES: Mapping[str, Sequence[str]] = {
    "no bot reply": ("nobody replies", "the bot does not reply but a person does"),
    "handoff before any reply": (
        "a handoff before any reply that a person answers",
        "a handoff before any reply that nobody takes",
    ),
    "handoff nobody takes": (
        "the customer asks for a person who never comes",
        "the bot gives up and nobody comes",
        "an operator wrote before the handoff and not after it",
    ),
    "operator without handoff event": (
        "an operator takes over without an event",
        "an operator writes and then the bot",
    ),
    "bot and operator in the same second": (
        "the bot and an operator in the same second",
        "a handoff and an operator in the same second",
    ),
    "several leads in one session": ("several leads in one session",),
    "one lead and several sessions": (
        "one lead and several sessions",
        "a lead after two sessions belongs to the last",
        "a lead between two sessions belongs to the first",
    ),
    "lead without session id": (
        "a lead by the messenger's user id",
        "a lead by a phone written in another way",
        "a lead without a session id and without anything else",
    ),
    "lead before the session": (
        "a lead before the session",
        "a lead that names a session which began after it",
        "a broadcast answered after a lead was made",
    ),
    "merged lead": (
        "a merged lead counts once",
        "three leads merged one into another",
        "two leads merged in a circle",
    ),
    "deleted lead": ("a deleted lead", "a deleted lead beside a living one"),
    "messages out of order": ("messages that come out of order",),
    "duplicate delivery": (
        "every message is delivered twice",
        "one id in two chats is two messages",
    ),
    "edited message": (
        "an edited message keeps its time and takes the last text",
        "an edit that is delivered before what it edits",
        "an edit does not keep a session open",
    ),
    "late record after the session closed": (
        "a late message after an explicit close opens a session",
        "a late line of the conversation three days later on the platform's session",
    ),
    "late record that joins two sessions": ("a late record joins two sessions",),
    "late record that splits none": (
        "a late record within a session splits none",
        "a late record between two sessions joins none",
    ),
    "a gap exactly at the limit": (
        "a gap exactly at the limit goes on",
        "a gap exactly at a limit of its own goes on",
        "a gap a second over the limit parts",
    ),
    "midnight": ("a conversation over midnight",),
    "month end": ("a conversation over the end of a month", "the first second of a month"),
    "clock change of 23 hours": (
        "the night the clocks go forward",
        "the last hour of a day of 23 hours",
    ),
    "clock change of 25 hours": (
        "the hour that comes twice, for the first time",
        "the hour that comes twice, for the second time",
        "the whole sunday of 25 hours is open",
    ),
    "daypart edges": (
        "the last second of a daypart",
        "the first second of a daypart",
        "the night of its own crosses midnight",
    ),
    "reopened next day with only thanks": (
        "reopened on the next day with only thanks",
        "reopened after the gap with only thanks",
        "reopened within the gap with only thanks",
    ),
    "staff users": ("somebody of the staff tries the bot",),
    "test users": ("a tester", "a tester answers a broadcast"),
    "operator only": ("a person alone with the customer",),
    "silent broadcast": ("a broadcast that nobody answers",),
    "auto-reply out of hours": (
        "an automatic reply out of hours answers nobody",
        "an automatic reply out of hours and a person in the morning",
    ),
    "voice only": ("a voice message alone is a question like any other",),
    "photo only": ("a photo alone that nobody answers",),
    "one person in two channels": (
        "one person in two channels with one phone and a lead by it",
        "a lead by a phone on two channels belongs to the last session",
    ),
    "two people on one phone": (
        "two people on one phone",
        "two people on one phone where the lead names one of them",
    ),
    "variant changed in the middle": (
        "the variant changes in the middle",
        "another variant in the next session",
    ),
    "survey answered twice": (
        "a survey answered twice",
        "a survey answered twice, delivered the other way round",
        "one answer delivered twice",
    ),
    "period still maturing": (
        "seventy-two hours to the second",
        "a lead window that closes in a second",
        "a return window that is still open",
    ),
    "zero denominators": ("the defaults hold where nothing is set",),
    "agent writes first": (
        "an agent writes first and nobody answers",
        "an agent writes first and the customer answers",
    ),
}
