"""Files that already have the columns of the streams: the identity.

`<business>/generic/<stream>/<any name>.{jsonl,jsonl.gz,csv,csv.gz,parquet}`
"""

from orchestration.sources.contract import Feed, System
from orchestration.streams import STREAMS

SYSTEM = System(
    "generic",
    {name: Feed(stream, {name: "select * from records"}) for name, stream in STREAMS.items()},
)
