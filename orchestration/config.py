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


class Settings(BaseSettings):
    """Where things lie and from when the refresh looks; names are those of the environment.

    Relative paths are relative to the working directory. `as_of` is in UTC; a value without an
    offset is read as UTC, a missing or empty one is now. `memory_limit` is what the engine may hold
    in memory: beyond it goes to disk. `locale` is the language of pages, workbooks and scorecard.
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
    _webhooks: dict[str, SecretStr] = PrivateAttr(default_factory=lambda: _read_webhooks())

    def bitrix24_webhooks(self) -> Mapping[str, SecretStr]:
        """The webhook of each portal, by what BITRIX24_WEBHOOK_ is followed by, in capitals."""
        return self._webhooks


def _read_webhooks() -> dict[str, SecretStr]:
    given = {**dotenv_values(PROJECT_DIR / ".env"), **os.environ}
    return {
        name.upper().removeprefix(_WEBHOOK): SecretStr(value)
        for name, value in given.items()
        if name.upper().startswith(_WEBHOOK) and value
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
            "size such as 4GB or a share such as 80%)."
        ) from error
