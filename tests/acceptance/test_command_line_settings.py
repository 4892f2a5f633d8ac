"""Settings: all of them are listed, and one that cannot be is refused in a line."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from api.embedded import EmbeddedPostgres
from api.settings import Settings, variable
from tests.acceptance.commands import refused, table
from tests.server import command_line


def test_every_setting_is_listed_with_its_default() -> None:
    printed, listed = command_line("settings").stdout, json.loads(command_line("settings", "--json").stdout)

    assert [row["name"] for row in listed] == [variable(name) for name in Settings.model_fields]
    assert all(row["value"] == row["default"] and row["meaning"] and row["allowed"] for row in listed)
    defaults = {row["name"]: row["default"] for row in listed}
    told = ("GESTA_HOST", "GESTA_PORT", "GESTA_DATA_DIR", "GESTA_DATABASE_URL")
    assert [defaults[name] for name in told] == ["127.0.0.1", 8080, ".gesta", None]
    assert [row[0] for row in table(printed)] == [row["name"] for row in listed]


def test_a_setting_is_listed_with_its_value_and_no_password() -> None:
    settings = {"PORT": "9", "DATABASE_URL": "postgresql://me:hidden@db.test/gesta"}

    printed, listed = command_line("settings", **settings).stdout, json.loads(command_line("settings", "--json", **settings).stdout)

    values = {row["name"]: row["value"] for row in listed}
    assert values["GESTA_PORT"] == 9
    assert "db.test" in values["GESTA_DATABASE_URL"]
    assert "hidden" not in printed and "hidden" not in str(listed)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("PORT", "abc", "GESTA_PORT=abc is refused: "),
        ("PORT", "65536", "GESTA_PORT=65536 is refused: "),
        ("HOST", "0.0.0.0", "GESTA_HOST=0.0.0.0 is refused: it is reached from other machines"),
        ("DATABASE_URL", "postgresql://[", "GESTA_DATABASE_URL=postgresql://[ is refused: "),
        ("LOG_LEVEL", "loud", "GESTA_LOG_LEVEL=loud is refused: "),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name: str, value: str, complaint: str) -> None:
    told = refused(command_line("settings", **{name: value}))

    assert told.startswith(complaint) and "Allowed: " in told


@pytest.mark.parametrize("command", [["serve"], ["replay", "--all"], ["tasks"]], ids=lambda command: command[0])
def test_every_command_refuses_a_setting_that_cannot_be(command: list[str]) -> None:
    assert refused(command_line(*command, PORT="abc")).startswith("GESTA_PORT=abc is refused: ")


def test_the_event_stores_own_functions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")

    assert refused(command_line("serve")).startswith("POSTGRES_ENABLE_DB_FUNCTIONS=y is refused: ")


def test_a_port_in_use_is_refused(reachable_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = refused(command_line("serve", PORT=port, DATA_DIR=str(reachable_folder / "data")))

    assert told.startswith(f"GESTA_HOST=127.0.0.1 with GESTA_PORT={port} cannot be listened on: Address already in use.")
    assert not (reachable_folder / "data").exists()


def test_a_data_folder_in_use_is_refused(postgres: EmbeddedPostgres) -> None:
    told = refused(command_line("serve", PORT="0", DATA_DIR=str(postgres.data_dir)))

    assert told.startswith(f"GESTA_DATA_DIR={postgres.data_dir} is in use by another gesta (process ")
