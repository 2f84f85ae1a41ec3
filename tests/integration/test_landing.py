"""What is found in the landing zone, and what is told of the rest."""

from pathlib import Path

import pytest

from orchestration.errors import ActionableError
from orchestration.landing import find_files


def put(landing_dir: Path, *names: str) -> None:
    for name in names:
        path = landing_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def test_every_format_of_every_stream_is_found_in_the_order_of_paths(tmp_path: Path) -> None:
    put(
        tmp_path,
        "salon/generic/messages/b.jsonl",
        "salon/generic/messages/a.JSONL.GZ",
        "salon/generic/leads/a.csv",
        "salon/article/chat_logs/a.csv.gz",
        "clinic/generic/costs/a.parquet",
    )
    found = [
        (file.source_file, file.business_id, file.system, file.stream, file.format)
        for file in find_files(tmp_path).files
    ]
    assert found == [
        ("clinic/generic/costs/a.parquet", "clinic", "generic", "costs", "parquet"),
        ("salon/article/chat_logs/a.csv.gz", "salon", "article", "chat_logs", "csv"),
        ("salon/generic/leads/a.csv", "salon", "generic", "leads", "csv"),
        ("salon/generic/messages/a.JSONL.GZ", "salon", "generic", "messages", "jsonl"),
        ("salon/generic/messages/b.jsonl", "salon", "generic", "messages", "jsonl"),
    ]


def test_what_nobody_reads_is_listed_with_the_reason(tmp_path: Path) -> None:
    put(
        tmp_path,
        "notes.txt",
        "salon/readme.md",
        "salon/telegraf/messages/a.jsonl",
        "salon/generic/a.jsonl",
        "salon/generic/massages/2026/a.jsonl",
        "salon/generic/messages/a.xlsx",
        "salon/generic/messages/2026/a.jsonl",
        "salon/article/chat_logs/a.jsonl",
    )
    zone = find_files(tmp_path)
    assert zone.files == ()
    assert {(file.source_file, file.reason) for file in zone.unread_files} == {
        ("notes.txt", "unknown_business"),
        ("salon/readme.md", "unknown_system"),
        ("salon/telegraf/messages/a.jsonl", "unknown_system"),
        ("salon/generic/a.jsonl", "unknown_stream"),
        ("salon/generic/massages/2026/a.jsonl", "unknown_stream"),
        ("salon/generic/messages/a.xlsx", "unknown_extension"),
        ("salon/generic/messages/2026/a.jsonl", "unknown_extension"),
        ("salon/article/chat_logs/a.jsonl", "unknown_extension"),
    }


def test_hidden_and_temporary_names_are_passed_over(tmp_path: Path) -> None:
    put(
        tmp_path,
        ".git/config",
        ".DS_Store",
        "salon/_old/messages/a.jsonl",
        "salon/generic/.trash/a.jsonl",
        "salon/generic/messages/.a.jsonl",
        "salon/generic/messages/_a.jsonl",
        "salon/generic/messages/a.jsonl.tmp",
        "salon/generic/messages/a.jsonl.part",
    )
    zone = find_files(tmp_path)
    assert zone.businesses == ("salon",)
    assert (zone.files, zone.unread_files) == ((), ())


def test_a_folder_without_files_is_a_business(tmp_path: Path) -> None:
    (tmp_path / "salon").mkdir()
    assert find_files(tmp_path).businesses == ("salon",)


@pytest.mark.parametrize("name", ["Salon", "салон", "a" * 41, "my salon", "salon.old"])
def test_a_business_with_a_name_that_is_not_allowed_is_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"{name}/generic/messages/a.jsonl")
    with pytest.raises(ActionableError, match=rf"{name} cannot be a business"):
        find_files(tmp_path)


def test_a_missing_landing_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match=r"nowhere does not exist .* LANDING_DIR"):
        find_files(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["business.yaml", "Business.yml"])
def test_settings_under_another_name_are_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"salon/{name}")
    with pytest.raises(ActionableError, match=r"rename the file to business\.yml"):
        find_files(tmp_path)


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "salon" / "generic" / "messages"
    folder.mkdir(parents=True)
    Path(str(folder) + "/a\udcff.jsonl").write_bytes(b"")
    with pytest.raises(ActionableError, match="is not UTF-8"):
        find_files(tmp_path)


def test_a_link_to_its_own_folder_does_not_trap_the_walk(tmp_path: Path) -> None:
    put(tmp_path, "salon/other/a.txt")
    (tmp_path / "salon" / "other" / "again").symlink_to(tmp_path / "salon" / "other")
    assert len(find_files(tmp_path).unread_files) == 2
