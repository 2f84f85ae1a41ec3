"""What a module of `sources` declares: the folders of its system and the streams they become.

A file of a system is a sequence of records. The records of a folder share one shape, which is
checked exactly as a stream's is; the checked records are then selected into one or more streams.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from orchestration.streams import Column, Stream

FORMATS: Mapping[str, str] = {
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".parquet": "parquet",
}

_PHONE = re.compile(r"\+?[\d\s()./-]{10,}")
_LEAST_PHONE_DIGITS = 10


@dataclass(frozen=True)
class Record:
    """One record of a file: its number from 1 (a CSV header is 1), its text as a JSON object.

    `raw_text` is what the file holds there. A record that cannot be read has a `fault`, a stable
    word, and no text. `line` is the physical line it begins on, where that is not its number.
    `speaker` is who says it as the file names them, which is shown to who checks a file, no more.
    """

    number: int
    text: str | None
    raw_text: str | None = None
    fault: str | None = None
    line: int | None = None
    speaker: str | None = None


@dataclass(frozen=True)
class Reading:
    """How one file of a business is to be read.

    `time_zone` is the business's own, an IANA name; `source_file` is the path below the landing
    zone. `bots` and `operators` are names, handles, phones or ids that business.yml declares, and
    `fields` is what it says under the system's own key.
    """

    business_id: str
    time_zone: str
    source_file: str
    bots: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """Hash of the settings: another one means that the same file may give other rows."""
        settings = (
            self.time_zone,
            sorted(self.bots),
            sorted(self.operators),
            sorted(self.fields.items()),
        )
        return hashlib.sha256(repr(settings).encode()).hexdigest()

    def declared_role(self, *names: str | None) -> Literal["bot", "operator"] | None:
        """What business.yml declares of who goes by any of these names; None = nothing.

        Case, blanks around and a leading @ do not matter, nor how a phone is written.
        """
        given = {_comparable(name) for name in names if name}
        if given & {_comparable(name) for name in self.bots}:
            return "bot"
        if given & {_comparable(name) for name in self.operators}:
            return "operator"
        return None


@dataclass(frozen=True)
class Feed:
    """One folder of a system: the shape of its records and what is made of them.

    `outputs` maps each stream that the folder feeds to a select over `records` (`file_id`,
    `source_line` and the columns of `record`, typed, times in UTC) which gives `file_id`,
    `source_line` and columns of the stream; those it leaves out are NULL. The first stream is the
    one whose loading reads the files. `formats` maps accepted name endings to their format; a
    format that the loader does not know is read by `read`, which streams: its memory does not grow
    with the file.
    """

    record: Stream
    outputs: Mapping[str, str]
    formats: Mapping[str, str] = field(default_factory=lambda: FORMATS)
    read: Callable[[Path, Reading], Iterator[Record]] | None = None

    def owner(self) -> str:
        """Name of the stream whose loading reads this folder's files."""
        return next(iter(self.outputs))


@dataclass(frozen=True)
class System:
    """One system by its folder name, and its feeds by theirs ("" = directly in the system's).

    `fields` are the keys that business.yml may have under the system's name, each with what it
    says; they reach the reader as `Reading.fields`.
    """

    name: str
    feeds: Mapping[str, Feed]
    fields: Mapping[str, str] = field(default_factory=dict)


def union_of(name: str, *streams: Stream) -> Stream:
    """Shape of records that are each a row of one of `streams`, which their column `stream` names.

    Nothing else is required, as that depends on the stream: `row` sees to it. A column that the
    streams spell differently is plain text; one of two types raises ValueError.
    """
    columns = {"stream": Column("stream", required=True, values={s.name: s.name for s in streams})}
    for column in (column for stream in streams for column in stream.columns):
        free = replace(column, required=False)
        known = columns.setdefault(column.name, free)
        if known.type != column.type:
            raise ValueError(f"{column.name} is {known.type} in one stream, {column.type} in other")
        if known != free:
            columns[column.name] = Column(column.name, column.type)
    return Stream(name, tuple(columns.values()))


def outputs_of(*streams: Stream) -> dict[str, str]:
    """Outputs of a feed whose records have the shape `union_of(…, *streams)`."""
    return {
        stream.name: f"select file_id, source_line, {', '.join(stream.column_names())} "  # noqa: S608
        f"from records where stream = '{stream.name}'"
        for stream in streams
    }


def row(
    stream: Stream,
    number: int,
    values: Mapping[str, object],
    raw_text: str,
    line: int | None = None,
    speaker: str | None = None,
) -> Record:
    """Give the record that is a row of `stream`, or its reject where a required field is missing.

    `values` are columns of the stream; those that are None or "" count as absent. Text columns with
    a vocabulary are held to it here, as a union has only what its streams share.
    """
    given = {name: value for name, value in values.items() if value not in (None, "")}
    fault = _fault(stream, given)
    if fault:
        return reject(number, fault, raw_text, line)
    text = json.dumps({"stream": stream.name, **given}, ensure_ascii=False)
    return Record(number, text, raw_text, line=line, speaker=speaker)


def reject(number: int, fault: str, raw_text: str | None, line: int | None = None) -> Record:
    """Give the record of what cannot be read, with `fault`, a stable word."""
    return Record(number, None, raw_text, fault, line)


def _fault(stream: Stream, given: Mapping[str, object]) -> str | None:
    filled = {name for name, value in given.items() if not isinstance(value, str) or value.strip()}
    for column in stream.columns:
        if column.required and column.name not in filled:
            return f"missing_field:{column.name}"
        value = given.get(column.name)
        if column.values and value is not None and str(value).lower() not in column.values:
            return f"bad_value:{column.name}"
    groups = stream.required_groups
    if groups and not any(filled.issuperset(group) for group in groups):
        return "missing_field:" + "|".join("+".join(group) for group in groups)
    return None


def _comparable(name: str) -> str:
    name = name.strip()
    if _PHONE.fullmatch(name):
        digits = re.sub(r"\D", "", name)
        if len(digits) == _LEAST_PHONE_DIGITS + 1 and digits.startswith("8"):
            digits = "7" + digits[1:]
        if len(digits) >= _LEAST_PHONE_DIGITS:
            return digits
    return name.removeprefix("@").casefold()
