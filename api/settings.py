"""Settings from the environment: one place for names, defaults, meanings and what each may be."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "GESTA_"
MEBIBYTE = 1024 * 1024


class SettingsRefused(Exception):
    """A setting has a value that gesta does not start with; the message has a line for each."""


def setting(default: Any, meaning: str, allowed: str, **limits: Any) -> Any:
    """Describe a setting: its default, what it means and, in words, what it may be."""
    return Field(default, description=meaning, json_schema_extra={"allowed": allowed}, **limits)


class Settings(BaseSettings):
    """What gesta reads from the environment; every name there begins with `GESTA_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = setting(
        "127.0.0.1", "Address to listen on", "an IP address or localhost; beyond loopback only with GESTA_ALLOW_REMOTE=true"
    )
    port: int = setting(8080, "TCP port to listen on; 0 takes a free one", "a whole number from 0 to 65535", ge=0, le=65535)
    allow_remote: bool = setting(False, "Listen beyond loopback although requests are not authenticated yet", "true or false")
    database_url: str | None = setting(
        None,
        "PostgreSQL 14 or newer to use; none: the embedded one",
        "postgresql://user:password@host:port/database, or libpq's key=value form",
    )
    database_pool_size: int = setting(4, "Database connections for reads", "a whole number from 1 to 100", ge=1, le=100)
    data_dir: Path = setting(Path(".gesta"), "Folder of the embedded PostgreSQL", "a folder, made where it is missing")
    enforce_history_time_to_live: bool = setting(
        False, "Refuse models without camunda:historyTimeToLive, as Camunda does by default", "true or false"
    )
    max_body_bytes: int = setting(64 * MEBIBYTE, "Largest request body, in bytes", "a whole number from 1024 up", ge=1024)
    max_model_bytes: int = setting(16 * MEBIBYTE, "Largest BPMN model, in bytes", "a whole number from 1024 up", ge=1024)
    fetch_queue_capacity: int = setting(200, "Long polls that may wait at a time", "a whole number from 1 up", ge=1)
    job_executor: bool = setting(True, "Fire timers and run asynchronous continuations in this process", "true or false")
    history: bool = setting(True, "Write history, if no other server on the database does; it is read in any case", "true or false")
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "Least important log line that is written", "debug, info, warning or error"
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _is_connection_string(cls, value: str | None) -> str | None:
        try:
            conninfo_to_dict(value or "")
        except psycopg.ProgrammingError as error:
            raise ValueError(str(error).strip()) from error
        return value

    @model_validator(mode="after")
    def _stays_at_home(self) -> Settings:
        if not self.allow_remote and not is_loopback(self.host):
            raise ValueError(
                f"{PREFIX}HOST={self.host} is refused: it is reached from other machines, and requests are not authenticated yet. "
                f"Allowed: 127.0.0.1, ::1 or localhost; {PREFIX}ALLOW_REMOTE=true opens it all the same."
            )
        return self


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches `host`; of names, only `localhost` is known to be so."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raise SettingsRefused that names variable, value and what is allowed."""
    refuse_database_functions(environ)
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsRefused("\n".join(complaint(found) for found in error.errors())) from None


def refuse_database_functions(environ: Mapping[str, str]) -> None:
    """Refuse the event store's database functions: they drop the lock that keeps the log in order, and readers then miss facts."""
    value = environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "")
    if value.strip().lower() in {"y", "yes", "t", "true", "on", "1"}:
        raise SettingsRefused(
            f"POSTGRES_ENABLE_DB_FUNCTIONS={value} is refused: it drops the lock that keeps facts in commit order "
            "and skips the read models. Allowed: unset, or n."
        )


def complaint(found: Any) -> str:
    """Say in one line which variable has which value and what would be allowed."""
    if not found["loc"]:
        return str(found["ctx"]["error"])
    name = str(found["loc"][0])
    reason = found["msg"].removeprefix("Value error, ")
    return f"{variable(name)}={found['input']!s} is refused: {reason}. Allowed: {allowed(name)}."


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def meaning(name: str) -> str:
    """What a setting means."""
    return Settings.model_fields[name].description or ""


def allowed(name: str) -> str:
    """What a setting may be, in words."""
    extra = Settings.model_fields[name].json_schema_extra
    return str(extra["allowed"]) if isinstance(extra, dict) else ""


def shown(value: object) -> str | int | bool | None:
    """A setting's value as it may be printed: without the password of a connection string."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str) and "password" in (parts := _connection_parts(value)):
        return make_conninfo(**{**parts, "password": "…"})
    return value if isinstance(value, str | int | bool | None) else str(value)


def _connection_parts(value: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(value))
    except psycopg.ProgrammingError:
        return {}
