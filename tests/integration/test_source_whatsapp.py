"""WhatsApp's text export: every form of a date, who is who, and what a line may hide."""

import io
import json
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.errors import ActionableError
from orchestration.sources.contract import Reading, Record
from orchestration.sources.whatsapp_export import find_date_order, read_export

READING = Reading("salon", "Europe/Moscow", "salon/whatsapp/chat.txt")
STARTED = datetime(2026, 10, 2, 14, 5, 11)

# How phones write the head of a message: of the time, the sender and the text.
FORMS = {
    "android ru": "%d.%m.%y, %H:%M - {}: {}",
    "android ru without comma": "%d.%m.%Y %H:%M - {}: {}",
    "android en-GB": "%d/%m/%Y, %H:%M - {}: {}",
    "android en-US": "%-m/%-d/%y, %-I:%M\u202f%p - {}: {}",
    "android en-US 24 hours": "%-m/%-d/%y, %H:%M - {}: {}",
    "android fi": "%-d.%-m.%Y klo %H.%M - {}: {}",
    "android es": "%d/%m/%y, %-I:%M {half} - {}: {}",
    "android za": "%Y/%m/%d, %H:%M - {}: {}",
    "ios ru": "[%d.%m.%Y, %H:%M:%S] {}: {}",
    "ios en": "\u200e[%d/%m/%Y, %-I:%M:%S %p] {}: {}",
    "ios nl": "[%d-%m-%Y %H:%M:%S] {}: {}",
    "ios hu": "[%Y. %m. %d. %H:%M:%S] {}: {}",
    "ios of old": "%d/%m/%Y, %-I:%M:%S %p: {}: {}",
    "time first": "%H:%M, %d/%m/%Y - {}: {}",
}


def line(form: str, time: datetime, sender: str, text: str) -> str:
    half = "p. m." if time.hour >= 12 else "a. m."
    return time.strftime(FORMS[form]).replace("{half}", half).format(sender, text)


def read(
    text: str, reading: Reading = READING, name: str = "chat.txt"
) -> list[tuple[Record, dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(text.encode())
        records = list(read_export(path, reading))
    return [(record, json.loads(record.text or "{}")) for record in records]


def order_of(lines: Sequence[str], reading: Reading = READING) -> tuple[str, bool]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "chat.txt")
        path.write_text("\n".join(lines), encoding="utf-8")
        return find_date_order(path, reading)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf"]), min_size=1)
names = st.sampled_from(["Анна", "Салон «Лайм»".replace("«", "").replace("»", ""), "+7 916 1"])
messages = st.lists(
    st.tuples(names, st.lists(words, min_size=1, max_size=3), st.integers(0, 40_000)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(list(FORMS)), messages, st.sampled_from(["\n", "\r\n"]))
def test_a_chat_in_any_form_is_read_as_it_was_said(
    form: str, chat: list[tuple[str, list[str], int]], end: str
) -> None:
    # A day above 12 to begin with, so that the file shows the order of day and month.
    time = datetime(2026, 10, 20, 9, 0)
    lines, expected = [], []
    for sender, parts, minutes in chat:
        time += timedelta(minutes=minutes)
        # Marks of the system itself and empty ends are told apart elsewhere.
        parts = [f"я {part.strip()} я".replace("\r", "").replace("\n", "") for part in parts]
        lines.append(line(form, time, sender, end.join(parts)))
        expected.append((time.isoformat(), "\n".join(parts)))
    rows = [values for _, values in read(end.join(lines) + end)]
    assert [(row["sent_at"], row["body"]) for row in rows] == expected
    assert len({row["message_id"] for row in rows}) == len(rows)
    assert [row["sequence"] for row in rows] == sorted(row["sequence"] for row in rows)


@pytest.mark.parametrize(
    ("dates", "order", "is_shown"),
    [
        (["25/12/2023", "03/01/2024"], "dmy", True),
        (["12/25/23", "1/3/24"], "mdy", True),
        (["2024/01/03"], "ymd", True),
        # Time does not go back: in one of the orders it would.
        (["10/01/2024", "11/01/2024", "01/02/2024"], "dmy", False),
        (["01/10/2024", "01/11/2024", "02/01/2024"], "mdy", False),
        # Nothing shows it, and the form of the date decides.
        (["02.10.2026"], "dmy", False),
        (["2.1.26"], "dmy", False),
        (["02/10/2026"], "dmy", False),
        (["1/3/24"], "mdy", False),
    ],
)
def test_day_and_month_are_told_apart_by_the_whole_file(
    dates: list[str], order: str, is_shown: bool
) -> None:
    lines = [f"{date}, 10:00 - Анна: да" for date in dates]
    assert order_of(lines) == (order, is_shown)


def test_the_day_in_the_name_of_an_attachment_shows_the_order() -> None:
    lines = [
        "03/01/2024, 10:00 - Анна: да",
        "03/01/2024, 10:01 - Анна: IMG-20240301-WA0001.jpg (file attached)",
    ]
    assert order_of(lines) == ("mdy", True)
    assert order_of([lines[0], lines[1].replace("0301", "0103")]) == ("dmy", True)


def test_business_yml_says_the_order_that_a_file_cannot_show(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = "02/10/2026, 10:00 - Анна: да\n"
    [(_, row)] = read(text)
    assert row["sent_at"] == "2026-10-02T10:00:00"
    assert "date_order" in caplog.text
    caplog.clear()
    [(_, row)] = read(text, replace(READING, fields={"date_order": "mdy"}))
    assert row["sent_at"] == "2026-02-10T10:00:00"
    assert caplog.text == ""


def test_a_wrong_order_in_business_yml_is_told() -> None:
    with pytest.raises(ActionableError, match="dmy, mdy, ymd"):
        read("02/10/2026, 10:00 - Анна: да\n", replace(READING, fields={"date_order": "ddmm"}))


def test_a_date_that_does_not_exist_is_rejected() -> None:
    rows = read("25/12/2023, 10:00 - Анна: да\n12/25/2023, 10:00 - Анна: нет\n")
    assert [record.fault for record, _ in rows] == [None, "bad_timestamp:sent_at"]


@pytest.mark.parametrize(
    ("text", "kind", "body"),
    [
        ("<Media omitted>", "media", None),
        ("<Без медиафайлов>", "media", None),
        ("\u200eизображение отсутствует", "media", None),
        ("\u200eimage omitted", "media", None),
        ("\u200e<прикреплено: 00000012-AUDIO.opus>", "media", None),
        ("IMG-20261002-WA0001.jpg (файл добавлен)\nВот так", "text", "Вот так"),
        ("Местоположение: https://maps.google.com/?q=55.7,37.6", "media", None),
        ("\u200eСообщение удалено.", "service", "Сообщение удалено."),
        ("Пропущенный видеозвонок", "service", "Пропущенный видеозвонок"),
        ("Пропущенный звонок был от вас? Перезвоните!", "text", None),
        ("\u200eАнна изменила код безопасности", "service", "Анна изменила код безопасности"),
        ("уже иду <Сообщение изменено>", "text", "уже иду"),
        ("да: конечно", "text", "да: конечно"),
        ("02.10.26", "text", "02.10.26"),
    ],
)
def test_what_a_message_says_is_told_from_what_whatsapp_says(
    text: str, kind: str, body: str | None
) -> None:
    rows = read(f"25.10.26, 10:00 - Лайм: Здравствуйте\n25.10.26, 10:01 - Анна: {text}\n")
    row = rows[1][1]
    assert row["kind"] == kind
    assert row["sender"] == ("system" if kind == "service" else "operator")
    if body is not None or kind == "media":
        assert row.get("body") == body


@pytest.mark.parametrize(
    "text",
    [
        "Анна создала группу «Ученики: утро»",
        "Анна добавила: Олег",
        'Anna changed the subject from "a: b" to "c"',
        "You were added",
    ],
)
def test_a_line_without_a_sender_is_nobodys(text: str) -> None:
    [(_, row)] = read(f"25.10.26, 10:00 - {text}\n")
    assert (row["sender"], row["kind"], row["body"]) == ("system", "service", text)


def roles(text: str, reading: Reading = READING) -> dict[str, str]:
    return {row["body"]: row["sender"] for _, row in read(text, reading)}


CHAT = "25.10.26, 10:00 - Лайм: а\n25.10.26, 10:01 - Анна: б\n25.10.26, 10:02 - Ольга: в\n"


def test_who_wrote_first_is_the_customer_if_nothing_else_is_known() -> None:
    assert roles(CHAT) == {"а": "customer", "б": "operator", "в": "operator"}


@pytest.mark.parametrize(
    "name",
    [
        "Чат WhatsApp с контактом Анна.txt",
        "Чат WhatsApp с Анна (2).txt",
        "WhatsApp Chat with Анна.txt",
        "WhatsApp Chat - Анна.zip",
    ],
)
def test_whom_the_file_is_named_after_is_the_customer(name: str) -> None:
    reading = replace(READING, source_file=f"salon/whatsapp/{name}")
    assert roles(CHAT, reading) == {"а": "operator", "б": "customer", "в": "operator"}


def test_a_phone_is_known_however_the_phone_that_exports_writes_it() -> None:
    sender = "\u202a+7\u00a0916\u00a0123\u201145\u201167\u202c"
    [(_, row)] = read(f"[25.10.26, 10:00:00] {sender}: да\n")
    assert (row["user_id"], row["phone"]) == ("79161234567", "+7 916 123-45-67")
    [(_, row)] = read("[25.10.26, 10:00:00] ~\u202fАнна\u00a0Петрова: да\n")
    assert row["user_id"] == "Анна Петрова"


def test_where_our_side_is_declared_all_others_are_customers() -> None:
    reading = replace(READING, bots=frozenset({"лайм"}))
    assert roles(CHAT, reading) == {"а": "bot", "б": "customer", "в": "customer"}


def test_the_same_words_in_one_minute_are_two_messages_with_ids_that_stay() -> None:
    text = "25.10.26, 10:00 - Анна: да\n25.10.26, 10:00 - Анна: да\n"
    ids = [row["message_id"] for _, row in read(text)]
    assert len(set(ids)) == 2
    assert [row["message_id"] for _, row in read(text + "25.10.26, 10:01 - Анна: нет\n")][:2] == ids


def test_a_quotation_of_another_chat_is_part_of_the_message() -> None:
    text = "[25.10.26, 09:00] Олег: нет"
    [(_, row)] = read(f"25.10.26, 10:00 - Анна: смотрите\n{text}\n")
    assert row["body"] == f"смотрите\n{text}"


def test_lines_before_the_first_message_are_rejected_one_by_one() -> None:
    rows = read("привет\n\nмир\n25.10.26, 10:00 - Анна: да\n")
    assert [(record.fault, record.line) for record, _ in rows] == [
        ("no_date", 1),
        ("no_date", 3),
        (None, 4),
    ]


def test_a_text_that_is_no_chat_is_one_reject() -> None:
    assert [record.fault for record, _ in read("Список покупок\nмолоко\n" * 50)] == [
        "unknown_format"
    ]


def test_a_message_longer_than_any_is_rejected_and_the_next_one_read() -> None:
    text = f"25.10.26, 10:00 - Анна: да\n{'а' * 1000}\n" + f"{'б' * 1000}\n" * 3_000
    rows = read(text + "25.10.26, 10:01 - Анна: нет\n")
    assert [record.fault for record, _ in rows] == ["message_too_long", None]


def test_a_locked_zip_is_told(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("_chat.txt", "25.10.26, 10:00 - Анна: а\n")
    # The bit of each header that says the file is locked.
    locked = bytearray(content.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    path = tmp_path / "chat.zip"
    path.write_bytes(locked)
    assert [record.fault for record in read_export(path, READING)] == ["broken_file"]


def test_a_zip_of_two_chats_gives_both_and_no_documents(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("WhatsApp Chat with Анна.txt", "25.10.26, 10:00 - Анна: а\n")
        archive.writestr("WhatsApp Chat with Олег.txt", "25.10.26, 10:00 - Олег: б\n")
        archive.writestr("прайс.txt", "25.10.26, 10:00 - Прайс: в\n")
    path = tmp_path / "chats.zip"
    path.write_bytes(content.getvalue())
    records = list(read_export(path, READING))
    assert [json.loads(record.text or "{}")["user_id"] for record in records] == ["Анна", "Олег"]
    assert [record.number for record in records] == [1, 2]
