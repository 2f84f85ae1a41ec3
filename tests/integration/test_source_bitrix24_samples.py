"""The sample answers of Bitrix24's own documentation give what the documentation says of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.config import PROJECT_DIR
from tests.fixtures.landing_zone import Zone, open_zone

SAMPLES = PROJECT_DIR.parent / "shared" / "data" / "vendor" / "bitrix24"

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the vendor's samples, not to be copied, are not at ../shared/data"
)


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        for sample in SAMPLES.glob("*.json"):
            zone.put(f"salon/bitrix24/{sample.name}", sample.read_bytes())
        zone.load("leads")
        yield zone


def test_nothing_of_the_samples_is_rejected(zone: Zone) -> None:
    zone.assert_conserved()
    assert zone.rejects() == []
    assert zone.rows(
        "select split_part(source_file, '/', 3), rows_loaded from raw.loaded_files order by 1"
    ) == [
        ("OnSessionFinish.json", 1),
        ("OnSessionStart.json", 0),
        ("crm.deal.list.json", 6),
        ("crm.lead.get.json", 1),
        ("crm.lead.list.json", 2),
        ("imopenlines.dialog.get.json", 0),
        ("imopenlines.session.history.get.json", 2),
    ]


def test_leads_have_their_times_stages_contacts_and_chats(zone: Zone) -> None:
    assert zone.rows(
        "select lead_id, created_at::varchar, modified_at::varchar, status, status_semantic, "
        "title, amount, currency, contact_id, chat_reference, channel, phone, is_returning "
        "from raw.leads order by lead_id::int"
    ) == [
        ("5", "2021-05-31 13:10:16", "2021-11-26 16:56:13", "CONVERTED", "won", "Lead 1", 15000.0,
         "USD", "2069", None, None, None, False),
        ("6", "2021-05-31 13:10:16", "2021-11-26 16:56:13", "CONVERTED", "won", "Lead 2", 15000.0,
         "USD", "2070", None, None, None, False),
        ("123", "2024-05-23 16:18:25", "2024-05-23 16:18:25", "IN_PROCESS", "open", "Lead #1591",
         0.0, "EUR", None, "imol|web|1|67|21", "web", "+15454777777", False),
    ]  # fmt: skip


def test_deals_are_read_as_far_as_they_were_selected(zone: Zone) -> None:
    assert zone.rows(
        "select deal_id, created_at::varchar, stage, stage_semantic, pipeline, amount "
        "from raw.deals order by deal_id::int"
    ) == [
        ("37", "2024-09-02 16:37:18", "C1:NEW", "open", "1", 19999.99),
        ("38", "2024-09-02 16:37:38", "C1:NEW", "open", "1", 20000.0),
        ("39", "2024-04-09 21:11:01", "C1:NEW", "open", "1", 12500.0),
        ("40", "2024-08-08 17:00:14", "C1:NEW", "open", "1", 13500.0),
        ("41", "2024-05-08 07:38:23", "C1:NEW", "open", "1", 11500.0),
        ("42", "2024-07-02 13:38:32", "C1:NEW", "open", "1", 18500.0),
    ]


def test_a_conversation_has_its_messages_with_the_customer_of_the_chat(zone: Zone) -> None:
    assert zone.rows(
        "select message_id, channel, chat_id, session_id, user_id, sent_at::varchar, sender, kind, "
        "body, operator_id from raw.messages order by sent_at"
    ) == [
        ("85833", "web", "1761", "bitrix24-321", "587", "2026-03-11 12:09:25", "system", "service",
         "[b]A new lead has been created[/b]", None),
        ("85851", "web", "1761", "bitrix24-321", "587", "2026-03-11 12:12:46", "operator", "media",
         "Open the task card and click Observers", "103"),
    ]  # fmt: skip


def test_the_end_of_a_session_is_an_event(zone: Zone) -> None:
    assert zone.rows(
        "select session_id, channel, user_id, event, event_at::varchar from raw.session_events"
    ) == [("bitrix24-42", "web", "1984", "closed", "2024-05-02 11:33:52")]
