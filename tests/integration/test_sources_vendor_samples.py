"""Samples from the test suites of other readers of these formats give what those suites expect."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.config import PROJECT_DIR
from orchestration.sources.contract import Reading
from orchestration.sources.whatsapp_export import find_date_order
from tests.fixtures.landing_zone import Zone, open_zone

VENDOR = PROJECT_DIR.parent / "shared" / "data" / "vendor"

pytestmark = pytest.mark.skipif(
    not VENDOR.is_dir(),
    reason="the vendors' samples, not to be copied here, are not at ../shared",
)


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        # The suites compare the times as they are written.
        zone.put("salon/business.yml", b"timezone: UTC")
        yield zone


def said(zone: Zone, system: str, name: str, content: bytes) -> list[tuple[str, str, str]]:
    """Time, author and text of everything said in a file, in order of time."""
    zone.put(f"salon/{system}/{name}", content)
    zone.load()
    zone.assert_conserved()
    assert zone.rejects() == []
    return zone.rows(
        "select strftime(sent_at, '%Y-%m-%dT%H:%M:%S'), coalesce(operator_id, user_id), body "
        "from raw.messages where kind <> 'service' order by sent_at, source_line"
    )


def expected(path: Path) -> list[tuple[str, str, str]]:
    target = json.loads((VENDOR / path).read_text(encoding="utf-8"))
    return sorted((item["timestamp"], item["author"], item["message"]) for item in target)


def on_one_line(text: str) -> str:
    # The suites write a message of many lines on one, we keep the lines.
    return text.replace("\n", " ")


@pytest.mark.parametrize(
    "name",
    [
        "test_ddmmyy_24hrs.txt",
        "test_mmddyy_24hrs.txt",
        "test_mmddyy_brackets_24hrs.txt",
        "test_mmddyyyy_12hrs.txt",
        "test_yyyymmdd_24hrs.txt",
    ],
)
def test_a_whatsapp_export_of_every_form_gives_the_same_messages(zone: Zone, name: str) -> None:
    folder = Path("whatsapp", "chat-miner")
    rows = said(zone, "whatsapp", name, (VENDOR / folder / name).read_bytes())
    assert [(time, author, on_one_line(text)) for time, author, text in rows] == expected(
        folder / "target.json"
    )


@pytest.mark.parametrize("name", ["test_single_export.json", "test_batch_export.json"])
def test_a_telegram_export_gives_what_its_suite_expects(zone: Zone, name: str) -> None:
    folder = Path("telegram", "chat-miner")
    rows = said(zone, "telegram", name, (VENDOR / folder / name).read_bytes())
    assert rows == expected(folder / "target.json")


def test_an_instagram_export_gives_what_its_suite_expects(zone: Zone) -> None:
    folder = Path("instagram", "chat-miner-instagram")
    rows = said(zone, "instagram", "a.json", (VENDOR / folder / "test_export.json").read_bytes())
    assert rows == expected(folder / "target.json")


def test_a_telegram_chat_gives_four_messages_and_a_call(zone: Zone) -> None:
    content = (VENDOR / "telegram" / "tg_parser_personal_chat.json").read_bytes()
    assert said(zone, "telegram", "result.json", content) == [
        ("2024-01-15T10:50:00", "111", "Hello!"),
        ("2024-01-15T10:51:00", "222", "Hi there!"),
        ("2024-01-15T10:52:00", "111", "Check this important message"),
        ("2024-01-16T09:00:00", "222", "Got it!"),
    ]
    assert zone.values("select body from raw.messages where kind = 'service'") == ["phone_call"]


def test_a_telegram_group_with_topics_gives_four_messages_and_three_events(zone: Zone) -> None:
    content = (VENDOR / "telegram" / "tg_parser_supergroup_with_topics.json").read_bytes()
    assert [text for _, _, text in said(zone, "telegram", "result.json", content)] == [
        "Hello in General topic!",
        "Budget discussion here",
        "More finance talk",
        "Message without topic reference",
    ]
    assert zone.values("select count(*) from raw.messages where kind = 'service'") == [3]


def wakit() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VENDOR / "whatsapp" / "wakit_expected.json").read_text())
    return found


def test_wakit_expects_these_senders_and_texts(zone: Zone) -> None:
    for name in ("wakit_ios.txt", "wakit_android.txt"):
        zone.put(f"salon/whatsapp/{name}", (VENDOR / "whatsapp" / name).read_bytes())
    zone.load()
    said_on = {
        name: zone.rows(
            "select coalesce(operator_id, user_id), body from raw.messages where kind <> 'service' "
            f"and source_file like '%{name}'"
        )
        for name in ("wakit_ios.txt", "wakit_android.txt")
    }
    senders = sorted({sender for sender, _ in said_on["wakit_ios.txt"]})
    assert senders == wakit()["wakit_ios.txt"]["senders"]
    bodies = [body for _, body in said_on["wakit_ios.txt"]]
    assert wakit()["wakit_ios.txt"]["multiline_body"] in bodies
    bodies = [body for _, body in said_on["wakit_android.txt"]]
    assert set(wakit()["wakit_android.txt"]["bodies_include"]) <= set(bodies)


def test_wakit_tells_what_the_system_says_from_what_people_say(zone: Zone) -> None:
    lines = [*wakit()["system_lines"], *wakit()["not_system"]]
    text = "".join(f"31/12/2023, 21:15 - Alex: {line}\n" for line in lines)
    zone.put("salon/whatsapp/a.txt", text.encode())
    zone.load()
    kinds = dict(zone.rows("select body, kind from raw.messages"))
    assert kinds == dict.fromkeys(wakit()["system_lines"], "service") | dict.fromkeys(
        wakit()["not_system"], "text"
    )


def test_wakit_finds_the_order_of_day_and_month(tmp_path: Path) -> None:
    for case in wakit()["date_order"]:
        path = tmp_path / "a.txt"
        path.write_text("".join(f"{date}, 10:00 - Alex: hi\n" for date in case["dates"]))
        assert find_date_order(path, Reading("salon", "UTC", "a.txt")) == (case["order"], True)
