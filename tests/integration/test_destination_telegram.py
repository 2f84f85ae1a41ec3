import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from pydantic import SecretStr

from orchestration.config import Settings
from orchestration.digests import send_digests
from orchestration.errors import ActionableError
from orchestration.publish.telegram import Bot, tell_digests
from tests.servers.telegram import TelegramServer, telegram_server

TOKEN = "12345:secret-of-the-bot"
TOO_MANY = (
    429,
    {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 7}},
)


@dataclass
class Telling:
    """A folder of exports with two digests, a bot, and where it remembers whom it told."""

    server: TelegramServer
    exports: Path
    memory: Path
    token: str = TOKEN
    slept: list[float] = field(default_factory=list)

    def tell(self, week: str = "2026-W45") -> int:
        bot = Bot(SecretStr(self.token), self.server.endpoint, self.slept.append)
        chats = {"salon": "-100", "clinic": "-200"}
        return tell_digests(bot, chats, dict.fromkeys(chats, week), self.exports, self.memory)


@pytest.fixture
def telling(tmp_path: Path) -> Iterator[Telling]:
    for business in ("salon", "clinic"):
        (tmp_path / business).mkdir()
        (tmp_path / business / "digest.txt").write_text(f"Неделя: {business}\n", encoding="utf-8")
    with telegram_server(TOKEN, {"-100", "-200"}) as server:
        yield Telling(server, tmp_path, tmp_path / "digests.json")


def test_each_business_is_told_its_own_digest_and_only_once_a_week(telling: Telling) -> None:
    assert [telling.tell(), telling.tell(), telling.tell("2026-W46")] == [2, 0, 2]

    once = [("-200", "Неделя: clinic\n"), ("-100", "Неделя: salon\n")]
    assert telling.server.said == once * 2


def test_a_bot_that_is_asked_to_wait_waits_as_long(telling: Telling) -> None:
    telling.server.faults = [TOO_MANY, (502, {})]

    assert telling.tell() == 2
    assert telling.slept == [7.0, 2.0]


def test_what_was_told_before_a_failure_is_not_told_again(telling: Telling) -> None:
    telling.server.chats = {"-200"}

    with pytest.raises(ActionableError, match=r"-100 \(Bad Request: chat not found\)"):
        telling.tell()
    telling.server.chats = {"-100", "-200"}

    assert telling.tell() == 1
    assert [chat for chat, _ in telling.server.said] == ["-200", "-100"]


def test_a_bot_that_stays_silent_fails_after_a_few_tries(telling: Telling) -> None:
    telling.server.faults = [TOO_MANY] * 9

    with pytest.raises(ActionableError, match="Too Many Requests"):
        telling.tell()
    assert telling.server.asked == 4


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:9"])
def test_the_token_is_in_no_error_and_no_log(
    telling: Telling, endpoint: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telling.token = "67890:another-secret"
    telling.server.endpoint = endpoint or telling.server.endpoint

    with pytest.raises(ActionableError) as raised:
        telling.tell()

    assert "secret" not in f"{raised.value!r} {raised.value.__context__!r} {caplog.text}"


def test_a_step_without_a_bot_says_that_none_is_configured(tmp_path: Path) -> None:
    report = send_digests(Settings(export_dir=tmp_path, dagster_home=tmp_path))

    assert list(report.remarks) == ["not configured"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"TELEGRAM_BOT_TOKEN": TOKEN}, "set TELEGRAM_CHAT_<BUSINESS> too"),
        ({"TELEGRAM_CHAT_SALON": "-100"}, "set TELEGRAM_BOT_TOKEN too"),
        (
            {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_CHAT_SALOON": "-100"},
            "TELEGRAM_CHAT_SALOON names no business",
        ),
    ],
)
def test_half_a_configuration_says_what_is_missing(
    variables: dict[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    write_businesses(tmp_path)

    with pytest.raises(ActionableError, match=message):
        send_digests(Settings(export_dir=tmp_path, dagster_home=tmp_path))


def test_the_step_tells_the_digest_of_the_week_that_the_exports_are_of(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_businesses(telling.exports)
    for name, value in {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_CHAT_SALON": "-100",
        "TELEGRAM_ENDPOINT": telling.server.endpoint,
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings(export_dir=telling.exports, dagster_home=telling.exports)

    assert [send_digests(settings).rows["telegram"] for _ in range(2)] == [1, 0]
    assert (telling.exports / "digests.json").read_text() == '{"salon": "2026-W45"}'


def write_businesses(folder: Path) -> None:
    with duckdb.connect(folder / "marts.duckdb") as connection:
        connection.execute(
            "create table dim_businesses as select 'salon' as business_id, "
            "date '2026-11-02' as as_of_date"
        )
