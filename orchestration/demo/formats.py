"""The formats in which the three businesses export, each its own way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Times = Literal["iso_with_offset", "local_without_offset", "epoch_seconds", "epoch_milliseconds"]


@dataclass(frozen=True)
class CsvStyle:
    """How one stream's CSV is put on paper."""

    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True)
class Export:
    """How a business exports: kind of file, words for the speakers, times and CSV by stream."""

    extension: Literal["jsonl.gz", "csv", "parquet"]
    weekly: frozenset[str] = frozenset({"messages"})
    speakers: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, Times] = field(default_factory=dict)
    usual_times: Times = "iso_with_offset"
    csv: Mapping[str, CsvStyle] = field(default_factory=dict)


EXPORTS: Mapping[str, Export] = {
    "salon_lime": Export(
        "jsonl.gz",
        times={"session_events": "epoch_milliseconds", "ratings": "epoch_seconds"},
    ),
    "clinic_neva": Export(
        "csv",
        speakers={"customer": "client", "operator": "manager"},
        usual_times="local_without_offset",
        csv={
            "messages": CsvStyle("cp1251", ";"),
            "ratings": CsvStyle("utf-8-sig", "\t"),
            "leads": CsvStyle("utf-8", ";"),
        },
    ),
    "trainer_baltic": Export(
        "parquet", weekly=frozenset(), speakers={"customer": "user", "bot": "assistant"}
    ),
}
