"""What a file is, found by reading its bytes once: its hash, and whether DuckDB can read it as is.

Everything streams: memory does not grow with the file.
"""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import ActionableError
from orchestration.landing import LandingFile
from orchestration.sources.contract import Reading
from orchestration.sources.lines import BROKEN_CONTENT, is_gzip, open_content

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Arrival:
    """One file as it lies there now: bytes, time of change (ns), sha256, how to read it."""

    file: LandingFile
    size_bytes: int
    modified_ns: int
    content_hash: str
    reading: Reading

    def is_unchanged_on_disk(self) -> bool:
        """Whether nobody has written to the file since it was hashed."""
        status = self.file.path.stat()
        return (status.st_size, status.st_mtime_ns) == (self.size_bytes, self.modified_ns)


@dataclass(frozen=True)
class TextFacts:
    """How a text file is written.

    `is_plain`: complete, UTF-8, one kind of line end, no byte 1, no line beyond a mebibyte or two,
    so that lines can be cut anywhere by a fast reader. `lines` are physical ones. `encoding` is
    "utf-8" or "cp1251": bytes that are mostly not UTF-8 are Windows' Cyrillic.
    """

    is_gzip: bool
    is_plain: bool
    lines: int
    encoding: str


def hash_file(file: LandingFile, reading: Reading) -> Arrival:
    """Hash the content of `file`. Raises ActionableError where it cannot be read."""
    try:
        with file.path.open("rb") as content:
            status = file.path.stat()
            content_hash = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise ActionableError(
            f"The file {file.path} cannot be read ({error.strerror}): give the user who runs the "
            "pipeline the right to read it, or take it out of the landing zone."
        ) from error
    return Arrival(file, status.st_size, status.st_mtime_ns, content_hash, reading)


def inspect_text(path: Path) -> TextFacts:
    """Read a text file once and say how it is written."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    carriage_returns = line_feeds = pairs = 0
    foreign = broken = 0
    unbroken_bytes = longest_unbroken = 0
    is_complete = True
    has_separator = False
    last = b""
    with open_content(path) as content:
        while True:
            try:
                chunk = content.read(_CHUNK_BYTES)
            except BROKEN_CONTENT:
                is_complete = False
                break
            if not chunk:
                break
            has_separator = has_separator or b"\x01" in chunk
            carriage_returns += chunk.count(b"\r")
            line_feeds += chunk.count(b"\n")
            pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            last = chunk[-1:]
            first_end = chunk.find(b"\n")
            unbroken_bytes += len(chunk) if first_end < 0 else first_end
            longest_unbroken = max(longest_unbroken, unbroken_bytes)
            if first_end >= 0:
                unbroken_bytes = len(chunk) - chunk.rfind(b"\n")
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                decoder = codecs.getincrementaldecoder("utf-8")("replace")
                broken += 1
                text = decoder.decode(chunk)
            if broken:
                replaced = text.count("�")
                broken += replaced
                foreign += len(text) - len(text.encode("ascii", "ignore")) - replaced
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        broken += 1
    has_one_line_end = carriage_returns in {0, pairs} and pairs in {0, line_feeds}
    return TextFacts(
        is_gzip=is_gzip(path),
        is_plain=is_complete
        and has_one_line_end
        and not has_separator
        and not broken
        and longest_unbroken <= _CHUNK_BYTES,
        lines=line_feeds + (last not in {b"", b"\n"}),
        encoding="cp1251" if broken > foreign else "utf-8",
    )
