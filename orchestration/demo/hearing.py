"""What the bot understands, and who later checks whether it was right."""

from datetime import timedelta

from orchestration.demo.diary import OUT_OF_SCOPE, Diary, Heard, HeardMessage, Row

_SMALL_TALK = ("greeting", "thanks", "inform", "ask_person", "ask_other")
_DOUBTFUL_CONFIDENCE = 0.6
_LABELLERS = ("anna.k", "oleg.s")


def hear(diary: Diary, meant: str, *, newer_bot: bool) -> Heard:
    """Let the bot take a message that means `meant` for something, rightly or not."""
    rng = diary.rng
    if meant == OUT_OF_SCOPE:
        if rng.random() < 0.7:
            return _given_up(diary, meant)
        return Heard(meant, _another_intent(diary, meant), _between(diary, 0.5, 0.75), False)
    if rng.random() < diary.business.accuracy[newer_bot]:
        return hear_right(diary, meant)
    if rng.random() < 0.6:
        return _given_up(diary, meant)
    return Heard(meant, _another_intent(diary, meant), _between(diary, 0.5, 0.8), False)


def hear_right(diary: Diary, meant: str) -> Heard:
    """Let the bot understand."""
    return Heard(meant, meant, _between(diary, 0.62, 0.99), False)


def hear_nothing(diary: Diary, meant: str) -> Heard:
    """Let the bot give up."""
    return _given_up(diary, meant)


def label_samples(diary: Diary) -> None:
    """Draw the messages that people label, each with the chance it had, and note the verdicts."""
    business = diary.business
    for message in sorted(diary.heard, key=lambda message: message.message_id):
        doubtful = message.heard.no_match or message.heard.confidence < _DOUBTFUL_CONFIDENCE
        chance = business.doubtful_share if doubtful else business.labelled_share
        if business.log_flags_correct:
            note_verdict(message, 1.0)
        elif diary.rng.random() < chance:
            labeller = diary.rng.choice(_LABELLERS)
            delay = timedelta(days=diary.rng.randint(1, 4))
            if message.sent_at + delay < diary.as_of:
                write_label(diary, message, labeller, message.heard.meant, chance, delay)
                note_verdict(message, 1 / chance)


def note_verdict(message: HeardMessage, weight: float) -> None:
    """Count a message as labelled."""
    session = message.session
    session.labelled_messages += 1
    session.correct_messages += message.heard.is_correct
    session.label_weight += weight
    session.correct_weight += weight * message.heard.is_correct


def write_label(
    diary: Diary,
    message: HeardMessage,
    labeller: str,
    meant: str,
    chance: float,
    delay: timedelta,
) -> None:
    """Record what one labeller thinks a message means."""
    row: Row = {
        "message_id": message.message_id,
        "true_intent": diary.business.out_of_scope_intent if meant == OUT_OF_SCOPE else meant,
        "labeller": labeller,
        "labelled_at": message.sent_at + delay,
        "selection_probability": chance,
    }
    diary.record("intent_labels", row, message.sent_at + delay)


def _given_up(diary: Diary, meant: str) -> Heard:
    confidence = _between(diary, 0.12, 0.44)
    taken_for = diary.business.fallback_intent or _another_intent(diary, meant)
    return Heard(meant, taken_for, confidence, True)


def _another_intent(diary: Diary, meant: str) -> str:
    intents = {scenario.intent for scenario in diary.business.scenarios} | set(_SMALL_TALK)
    return diary.rng.choice(sorted(intents - {meant}))


def _between(diary: Diary, low: float, high: float) -> float:
    return round(diary.rng.uniform(low, high), 3)
