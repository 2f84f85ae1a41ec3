"""Every environment variable, read once, typed."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestration.errors import ActionableError

PROJECT_DIR = Path(__file__).resolve().parent.parent

Locale = Literal["ru", "en"]

_WEBHOOK = "BITRIX24_WEBHOOK_"
_SHEET = "GOOGLE_SHEET_"
_CHAT = "TELEGRAM_CHAT_"
_READER_PASSWORD = "POSTGRES_READER_PASSWORD_"  # noqa: S105 — the beginning of a name.


def _absolute(value: str | Path) -> Path:
    return Path(value).expanduser().absolute()


def _as_utc(value: object) -> object:
    if value is None or value == "":
        return datetime.now(UTC).replace(microsecond=0)
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    return value


AbsolutePath = Annotated[Path, BeforeValidator(_absolute)]
UtcDatetime = Annotated[datetime, BeforeValidator(_as_utc)]
MemoryLimit = Annotated[str, Field(pattern=r"^([1-9]\d*(MB|GB)|[1-9]\d?%)$")]
# Room is left for the longest name of a business and what is put after it.
Prefix = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,11}$")]


class Settings(BaseSettings):
    """Where things lie and from when the refresh looks; names are those of the environment.

    Relative paths are relative to the working directory. `as_of` is in UTC; a value without an
    offset is read as UTC, a missing or empty one is now. `memory_limit` is what the engine may hold
    in memory: beyond it goes to disk. `locale` is the language of pages, workbooks and scorecard.
    A destination whose address is missing is left out.
    """

    model_config = SettingsConfigDict(
        env_file=PROJECT_DIR / ".env", env_ignore_empty=True, extra="ignore"
    )

    landing_dir: AbsolutePath = PROJECT_DIR / "data" / "landing"
    warehouse_path: AbsolutePath = PROJECT_DIR / "data" / "warehouse.duckdb"
    export_dir: AbsolutePath = PROJECT_DIR / "exports"
    dagster_home: AbsolutePath = PROJECT_DIR / "data" / "dagster"
    pseudonym_key: SecretStr | None = None
    memory_limit: MemoryLimit = "80%"
    as_of: UtcDatetime = Field(default_factory=lambda: _as_utc(None), validate_default=True)
    locale: Locale = "ru"
    nightly_cron: str = "0 3 * * *"
    nightly_timezone: str = "Europe/Moscow"
    postgres_url: SecretStr | None = None
    postgres_schema_prefix: Prefix = "kpi_"
    google_sheets_credentials: SecretStr | None = None
    google_sheets_endpoint: str = "https://sheets.googleapis.com"
    bigquery_project: str | None = None
    bigquery_dataset_prefix: Prefix = "kpi_"
    bigquery_credentials: SecretStr | None = None
    bigquery_location: str = "EU"
    bigquery_endpoint: str | None = None
    telegram_bot_token: SecretStr | None = None
    telegram_endpoint: str = "https://api.telegram.org"
    _webhooks: dict[str, SecretStr] = PrivateAttr(default_factory=lambda: _by_business(_WEBHOOK))
    _passwords: dict[str, SecretStr] = PrivateAttr(
        default_factory=lambda: _by_business(_READER_PASSWORD)
    )
    _sheets: dict[str, SecretStr] = PrivateAttr(default_factory=lambda: _by_business(_SHEET))
    _chats: dict[str, SecretStr] = PrivateAttr(default_factory=lambda: _by_business(_CHAT))

    def bitrix24_webhooks(self) -> Mapping[str, SecretStr]:
        """The webhook of each portal, by what BITRIX24_WEBHOOK_ is followed by, in capitals."""
        return self._webhooks

    def postgres_reader_passwords(self) -> Mapping[str, SecretStr]:
        """The password of each reader, by what POSTGRES_READER_PASSWORD_ is followed by."""
        return self._passwords

    def google_sheets(self) -> Mapping[str, str]:
        """The id of each spreadsheet, by what GOOGLE_SHEET_ is followed by, in capitals."""
        return {name: given.get_secret_value() for name, given in self._sheets.items()}

    def telegram_chats(self) -> Mapping[str, str]:
        """The chat of each business, by what TELEGRAM_CHAT_ is followed by, in capitals."""
        return {name: given.get_secret_value() for name, given in self._chats.items()}


def _by_business(beginning: str) -> dict[str, SecretStr]:
    given = {**dotenv_values(PROJECT_DIR / ".env"), **os.environ}
    return {
        name.upper().removeprefix(beginning): SecretStr(value)
        for name, value in given.items()
        if name.upper().startswith(beginning) and value
    }


def read_settings() -> Settings:
    """Read the environment and `.env`. Raises ActionableError naming each bad variable."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{str(fault['loc'][0]).upper()}={fault['input']!r}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ActionableError(
            f"The environment holds a value that cannot be used: {faults}. "
            "Correct it (AS_OF is an ISO 8601 time such as 2026-11-22T00:00:00Z, MEMORY_LIMIT a "
            "size such as 4GB or a share such as 80%, a prefix up to 12 of a-z, 0-9 and _)."
        ) from error
