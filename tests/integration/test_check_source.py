"""`make check-source` says what a file is and would give, and loads nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.check_source import check_file, shortened
from orchestration.config import PROJECT_DIR
from tests.fixtures.goldens import Golden, all_goldens
from tests.fixtures.landing_zone import as_csv, as_jsonl, message

CHAT = "25.10.26, 10:00 - Анна Петрова: Здравствуйте\n25.10.26, 10:01 - Ольга: Добрый день\n"


@pytest.fixture(autouse=True)
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    landing = tmp_path / "landing"
    landing.mkdir()
    monkeypatch.setenv("LANDING_DIR", str(landing))
    monkeypatch.setenv("WAREHOUSE_PATH", str(tmp_path / "warehouse.duckdb"))
    return landing


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def run(path: Path | str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestration.check_source", "--file", str(path), *arguments],
        cwd=PROJECT_DIR,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )


def told(path: Path, business: str = "") -> str:
    console = Console(record=True, width=200, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    check_file(console, str(path), business, "en")
    return console.export_text()


def test_a_chat_is_told_in_russian(landing: Path, tmp_path: Path) -> None:
    path = put(tmp_path, "Чат WhatsApp с контактом Анна Петрова.txt", CHAT + "x\n" * 2)
    shown = run(path, "--business", "salon")
    assert (shown.returncode, shown.stderr) == (0, "")
    for text in (
        "Это: экспорт чата WhatsApp (система whatsapp)",
        f"Положите в папку: {landing}/salon/whatsapp/",
        "Сообщений: 2",
        "Период: 2026-10-25 10:00 – 2026-10-25 10:01 (Europe/Moscow)",
        "│ Ольга   │ оператор (по файлу) │ 1",
        "│ Анна П. │ клиент (по файлу)   │ 1",
        f"{landing}/salon/business.yml",
        "Отклонено: ничего",
        "Ничего не загружено",
    ):
        assert text in shown.stdout
    assert "Петрова" not in shown.stdout.replace(path.name, "")
    assert list(landing.iterdir()) == []
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_what_would_be_rejected_is_told_with_lines_and_reasons(tmp_path: Path) -> None:
    path = put(tmp_path, "chat.txt", "привет\nмир\n" + CHAT + "31.31.26, 10:00 - Анна: да\n")
    shown = run(path, "--locale", "en")
    assert shown.returncode == 0
    assert "Would be rejected, 3 of 5:" in shown.stdout
    assert "no_date: 2 (lines 1, 2) — a line before the first message" in shown.stdout
    assert "bad_timestamp:sent_at: 1 (lines 5) — the field sent_at is no time" in shown.stdout


@pytest.mark.parametrize("golden", all_goldens(), ids=lambda golden: golden.name)
def test_every_golden_file_is_recognised_by_its_content(
    landing: Path, tmp_path: Path, golden: Golden
) -> None:
    if golden.settings:
        put(landing, "salon/business.yml", golden.settings)
    system, _ = golden.feed_key()
    output = told(put(tmp_path, golden.source_file.rpartition("/")[2], golden.content), "salon")
    assert f"(system {system}" in output
    assert f"Put it into: {landing}/salon/{system}/" in output
    if golden.rejects:
        assert f"Would be rejected, {len(golden.rejects)} of" in output
    else:
        assert "Rejected: nothing" in output


def test_tables_with_the_columns_of_a_stream_are_recognised(tmp_path: Path) -> None:
    rows = [message(1), message(2, sent_at="x")]
    output = told(put(tmp_path, "a.jsonl", as_jsonl(rows)))
    assert "(system generic/messages)" in output
    assert "bad_timestamp:sent_at: 1 (lines 2)" in output
    assert "participants" not in output
    assert "(system generic/messages)" in told(put(tmp_path, "b.csv", as_csv(rows, ";", "cp1251")))
    costs = "cost_date,item,amount,currency\n2026-01-01,bot,1,RUB\n"
    assert "(system generic/costs)" in told(put(tmp_path, "c.csv", costs))
    chat_logs = "session_id,response_time,intent_correct,created_lead\ns1,2,1,0\n"
    assert "(system article/chat_logs)" in told(put(tmp_path, "d.csv", chat_logs))


def test_a_file_in_the_landing_zone_is_what_its_folder_says(landing: Path) -> None:
    put(landing, "salon/business.yml", "participants: {operators: анна петрова}")
    output = told(put(landing, "salon/whatsapp/chat.txt", CHAT))
    assert f"It lies where it should: {landing}/salon/whatsapp/" in output
    assert "operator (as business.yml says)" in output
    assert "customer (from the file)" in output


def test_a_name_that_would_be_passed_over_is_told(tmp_path: Path) -> None:
    assert "would be passed over" in told(put(tmp_path, "_мой чат.txt", CHAT))
    assert "would be passed over" not in told(put(tmp_path, "_chat.txt", CHAT))


def test_what_a_reader_warns_of_is_told(tmp_path: Path) -> None:
    assert "date_order" in told(put(tmp_path, "chat.txt", "02/10/2026, 10:00 - Анна: да\n"))


@pytest.mark.parametrize(
    ("name", "content", "arguments", "sentence"),
    [
        ("a.txt", "молоко\nхлеб\n", (), "не узнан"),
        ("a.doc", CHAT, (), ".jsonl"),
        ("a.txt", b"\x00\xff" * 100, (), "не узнан"),
        ("a.txt", "", ("--locale", "en"), "is not known"),
        ("a.txt", CHAT, ("--locale", "de"), "ru or en"),
        ("a.txt", CHAT, ("--business", "Мой салон"), "BUSINESS='Мой салон'"),
    ],
)
def test_what_cannot_be_checked_is_one_sentence(
    tmp_path: Path,
    name: str,
    content: bytes | str,
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    shown = run(put(tmp_path, name, content), *arguments)
    assert (shown.returncode, shown.stdout) == (1, "")
    assert sentence in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "no.json", tmp_path, ""):
        shown = run(path)
        assert shown.returncode == 1
        assert "make check-source FILE=" in shown.stderr


def test_a_wrong_business_yml_is_told(landing: Path, tmp_path: Path) -> None:
    put(landing, "salon/business.yml", "participants: {bot: a}")
    shown = run(put(tmp_path, "a.txt", CHAT), "--business", "salon")
    assert shown.returncode == 1
    assert "participants.bot" in shown.stderr


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Анна Петрова", "Анна П."),
        ("+7 916 123-45-67", "+7 9…67"),
        ("79161234567", "7916…67"),
        ("501", "501"),
        ("", "—"),
        (" ", "—"),
    ],
)
def test_names_are_shortened(name: str, shown: str) -> None:
    assert shortened(name) == shown
