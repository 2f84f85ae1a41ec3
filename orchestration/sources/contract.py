"""What a module of `sources` declares: the folders of its system and the streams they become.

A file of a system is a sequence of records. The records of a folder share one shape, which is
checked exactly as a stream's is; the checked records are then selected into one or more streams.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.streams import Stream

FORMATS: Mapping[str, str] = {
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".parquet": "parquet",
}


@dataclass(frozen=True)
class Record:
    """One record of a file: its number from 1 (a CSV header is 1), its text as a JSON object.

    `raw_text` is what the file holds there. A record that cannot be read has a `fault`, a stable
    word, and no text.
    """

    number: int
    text: str | None
    raw_text: str | None = None
    fault: str | None = None


@dataclass(frozen=True)
class Feed:
    """One folder of a system: the shape of its records and what is made of them.

    `outputs` maps each stream that the folder feeds to a select over `records` (`file_id`,
    `source_line` and the columns of `record`, typed, times in UTC) which gives `file_id`,
    `source_line` and columns of the stream; those it leaves out are NULL. The first stream is the
    one whose loading reads the files. `formats` maps accepted name endings to their format; a
    format that the loader does not know is read by `read`.
    """

    record: Stream
    outputs: Mapping[str, str]
    formats: Mapping[str, str] = field(default_factory=lambda: FORMATS)
    read: Callable[[Path], Iterator[Record]] | None = None

    def owner(self) -> str:
        """Name of the stream whose loading reads this folder's files."""
        return next(iter(self.outputs))


@dataclass(frozen=True)
class System:
    """One system by its folder name, and its feeds by theirs ("" = directly in the system's)."""

    name: str
    feeds: Mapping[str, Feed]
