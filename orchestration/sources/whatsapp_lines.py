"""Lines of WhatsApp's text export: where a message begins, what it says, and on which date.

The form follows the phone: `20.06.21, 14:30 - Имя: текст` (Android), `[20.06.21, 14:30:05] Имя:
текст` (iOS), `20.06.21, 14:30:05: Имя: текст` (an old iOS), with `.`, `/` or `-`, two or four
digits of the year, a comma or none, 24 hours or AM/PM, the time before the date, and invisible
marks here and there.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

DATE_ORDERS = ("dmy", "mdy", "ymd")

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_DATE = r"(\d{1,4})([./-])\s?(\d{1,2})[./-]\s?(\d{1,4})\.?"
_TIME = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s?([ap])\.?\s?m\.?)?"
_END = rf"(\]\s?|\s[-–]\s|:\s)[{_MARKS}]*"
_START = rf"^[{_MARKS}]*\[?"
_DATE_FIRST = re.compile(rf"{_START}{_DATE},?\s(?:[^\W\d]{{1,4}}\s)?{_TIME}{_END}", re.IGNORECASE)
_TIME_FIRST = re.compile(rf"{_START}{_TIME},?\s{_DATE}{_END}", re.IGNORECASE)
# A name never has quotation marks, but what a group was renamed to has.
_SENDER = re.compile(r"([^:\"“”«»\n]{1,100}?):(?: |$)")
# So begin notes that name several people after a colon.
_EVENT = re.compile(
    r"\b(?:added|removed|created|changed|joined|left|invited)\b"
    r"|(?:добавил|удалил|создал|изменил|пригласил|исключил|присоединил|вышел|вышла|покинул)",
    re.IGNORECASE,
)

_EDITED = re.compile(r"\s*<(?:this message was edited|сообщение изменено)>$", re.IGNORECASE)
_MEDIA = re.compile(
    r"<(?:media omitted|без медиафайлов)>"
    r"|<(?:attached|прикреплено): [^>]*>"
    r"|\S[^\n]* \((?:file attached|файл добавлен)\)"
    r"|(?:image|video|audio|voice message|sticker|gif|document|contact card|video note) omitted"
    r"|(?:изображение|видео|аудиофайл|стикер|gif|документ|карточка контакта|видеосообщение)"
    r" (?:отсутствует|опущено|пропущено|пропущен|пропущена)"
    r"|(?:location|местоположение): https?://\S+",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?:messages and calls are (?:now )?end-to-end encrypted"
    r"|messages to this (?:chat|group) (?:and calls )?are now secured"
    r"|сообщения и звонки (?:теперь )?защищены сквозным шифрованием"
    r"|you (?:un)?blocked this |вы (?:за|раз)блокировали (?:этот|этого|данный|данного) "
    r"|waiting for this message|ожидание (?:этого )?сообщения"
    r"|this message was deleted|you deleted this message"
    r"|(?:данное |это )?сообщение удалено|вы удалили (?:данное |это )?сообщение"
    r"|your security code with|код безопасности)"
    r"|(?:missed (?:group )?(?:voice|video) call|пропущенный (?:групповой )?\w*звонок)"
    r"[^.!?\n]{0,30}$"
    r"|[^.:!?\n]{1,100} is a contact\.?$|null$",
    re.IGNORECASE,
)
# Names of attachments bear the day they were sent: IMG-20240103-WA0001, PHOTO-2024-01-03-21-17-30.
_NAMED_DAY = re.compile(r"-(20\d\d)-?([01]\d)-?([0-3]\d)-")


@dataclass(frozen=True)
class Head:
    """Where a message begins: its date as written, its clock, and what follows.

    `end` is the character between time and sender, which is the same in all of a file: what has
    another is a quotation. `sender` is None where nobody is named. `is_marked`: an invisible mark
    stands before the text, which is how iOS marks what WhatsApp says and not a person.
    """

    parts: tuple[str, str, str]
    clock: tuple[int, int, int]
    separator: str
    end: str
    sender: str | None
    text: str
    is_marked: bool


def read_head(line: str) -> Head | None:
    """Read a line that begins a message; None for one that goes on with the message before."""
    found = _DATE_FIRST.match(line)
    if found:
        first, separator, second, third, hour, minute, seconds, half, end = found.groups()
    else:
        found = _TIME_FIRST.match(line)
        if found is None:
            return None
        hour, minute, seconds, half, first, separator, second, third, end = found.groups()
    rest = line[found.end() :]
    named = _SENDER.match(rest)
    if named and not _SERVICE.match(rest) and not _EVENT.search(named[1]):
        sender: str | None = plain_name(named[1])
        rest = rest[named.end() :]
    else:
        sender = None
    hours = int(hour)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half in "pP" else 0)
    is_marked = rest[:1] != "" and rest[0] in _MARKS
    return Head(
        (first, second, third),
        (hours, int(minute), int(seconds or 0)),
        separator,
        end.strip(),
        sender or None,
        rest.strip(_MARKS),
        is_marked,
    )


def plain_name(name: str) -> str:
    """A name or phone without marks, its blanks and hyphens as they are typed."""
    name = name.strip(_MARKS).replace("\u2011", "-").removeprefix("~")
    return " ".join(name.strip(_MARKS).split())


def read_time(head: Head, order: str) -> datetime | None:
    """The local time of a head under the file's order of day and month; None if there is none."""
    day, month, year = (int(head.parts[order.index(letter)]) for letter in "dmy")
    hours, minutes, seconds = head.clock
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, hours, minutes, seconds)
    except ValueError:
        return None


def kind_and_body(head: Head, text: str) -> tuple[str, str]:
    """What a whole text is (text, media, service), and its words without WhatsApp's own notes."""
    text = text.translate(dict.fromkeys(map(ord, _MARKS))).strip()
    media = _MEDIA.match(text)
    if head.sender is None or (not media and (head.is_marked or _SERVICE.match(text))):
        return "service", text
    text = _EDITED.sub("", text)
    if media:
        text = text[media.end() :].strip()
        return ("text" if text else "media"), text
    return ("text" if text else "media"), text


@dataclass
class DateOrder:
    """Finds out from all heads of a file which part of a date is the day and which the month."""

    votes: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    backward: Counter[str] = field(default_factory=Counter)
    has_american_form: bool = False
    last: dict[str, datetime] = field(default_factory=dict)

    def look_at(self, head: Head) -> None:
        """Take what one head shows."""
        first, second, third = head.parts
        if len(first) > 2:
            self.votes["ymd"] += 1
            return
        if int(first) > 12 or int(second) > 12:
            self.votes["dmy" if int(first) > 12 else "mdy"] += 1
        for year, month, day in _NAMED_DAY.findall(head.text):
            if int(year) % 100 == int(third) % 100 and month != day:
                self.named["dmy"] += (int(first), int(second)) == (int(day), int(month))
                self.named["mdy"] += (int(first), int(second)) == (int(month), int(day))
        for order in ("dmy", "mdy"):
            time = read_time(head, order)
            if time:
                self.backward[order] += order in self.last and time < self.last[order]
                self.last[order] = time
        # So writes an American phone, and few others.
        is_short = len(third) == 2 and min(len(first), len(second)) == 1
        self.has_american_form |= is_short and head.separator == "/"

    def find(self) -> tuple[str, bool]:
        """The order, and whether the dates themselves show it.

        What they show is a part above 12, or the day in an attachment's name. If nothing does, the
        order in which time goes back less often is taken, and if there is no such, the one in which
        phones write dates of this form.
        """
        for shown in (self.votes, self.named):
            if shown.total():
                return max(DATE_ORDERS, key=lambda order: shown[order]), True
        if self.backward["dmy"] != self.backward["mdy"]:
            return min("dmy", "mdy", key=lambda order: self.backward[order]), False
        return ("mdy" if self.has_american_form else "dmy"), False
