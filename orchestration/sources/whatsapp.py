"""WhatsApp: a chat exported on the phone, and webhooks of the Cloud API.

`<business>/whatsapp/<any name>.{txt,zip}` as downloaded, `<business>/whatsapp/webhooks/…jsonl` with
one payload a line.
"""

from orchestration.sources.contract import Feed, System, outputs_of, union_of
from orchestration.sources.whatsapp_export import read_export
from orchestration.sources.whatsapp_webhooks import read_webhooks
from orchestration.streams import MESSAGES

SYSTEM = System(
    "whatsapp",
    {
        "": Feed(
            union_of("whatsapp_export", MESSAGES),
            outputs_of(MESSAGES),
            formats={".txt": "txt", ".txt.gz": "txt", ".zip": "zip"},
            read=read_export,
        ),
        "webhooks": Feed(
            union_of("whatsapp_webhooks", MESSAGES),
            outputs_of(MESSAGES),
            formats={".jsonl": "payloads", ".jsonl.gz": "payloads", ".json": "payloads"},
            read=read_webhooks,
        ),
    },
    fields={"date_order": "dmy, mdy or ymd, where the dates of an export do not show it"},
)
