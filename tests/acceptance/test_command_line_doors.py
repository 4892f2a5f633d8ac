"""The command line's doors: the server's address, the screen or the file that it prints to, and the installed script."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.embedded import EmbeddedPostgres
from tests.acceptance.commands import NO_ID, done, one_task, refused, started, written
from tests.acceptance.shared_server import get, lock, shared_server
from tests.server import command_line, environment

NOBODY = "http://127.0.0.1:1/engine-rest"


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[str]:
    with shared_server(postgres) as server:
        yield server.base


COMMANDS = [["start", "key"], ["tasks"], ["history", NO_ID], ["deploy", __file__]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_server_that_does_not_answer_is_told_by_its_address(command: list[str]) -> None:
    told = refused(command_line(*command, "--url", NOBODY))

    assert told.startswith(f"no server answers at {NOBODY} (")
    assert told.endswith("gesta serve starts one, --url names another")


def test_what_is_no_address_is_refused() -> None:
    assert refused(command_line("tasks", "--url", "gesta")).startswith("--url 'gesta' is no address of a REST API; one is ")


def test_an_address_without_a_rest_api_is_refused(base: str) -> None:
    address = base.removesuffix("/engine-rest")

    told = refused(command_line("tasks", "--url", address))

    assert told == (
        f"no engine's REST API answers at {address}/external-task/count (404); the address of one, {address} here, ends in /engine-rest"
    )


@pytest.mark.parametrize("suffix", ["/", "/engine/default"])
def test_a_rest_api_is_found_under_each_of_its_addresses(base: str, suffix: str) -> None:
    instance = started(base, "found")

    assert json.loads(done(base, "tasks", "--instance", instance, "--json", "--url", base + suffix))["count"] == 1
    assert json.loads(done(base, "history", instance, "--json", "--url", base + suffix))[0]["fact"] == "ProcessInstanceStarted"


@pytest.mark.parametrize("width", [80, 160])
def test_tables_fit_the_screen_and_ids_stay_whole(base: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    key = f"a-process-with-quite-a-long-key-{width}"
    instance = started(base, key, businessKey="a-business-key-that-is-rather-long-too")
    (locked,) = lock(base, key, worker="some-host.eu-west.example.com-12345-abcdef12")
    (file,) = written(tmp_path, **{f"{key}-in-a-file": one_task(key)})

    shown = [
        done(base, "tasks", "--instance", instance),
        done(base, "history", instance),
        done(base, "start", key, "--business-key", "x" * 100),
        done(base, "deploy", file),
        done(base, "settings"),
    ]

    assert max(len(line.rstrip()) for printed in shown for line in printed.splitlines()) <= width
    assert locked["id"] in shown[0] and instance in shown[0]
    assert get(base, f"/process-definition/key/{key}")["id"] in shown[3]


def test_a_screen_that_has_no_letters_but_english_ones_breaks_nothing(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    started(base, "ascii", businessKey="Grüße")

    assert "Gr??e" in done(base, "tasks", "--topic", "ascii")


SCRIPT = Path(sys.executable).with_name("gesta")


@pytest.mark.parametrize("arguments", [["version"], ["tasks", "--topic", "nobodys", "--json"]], ids=lambda a: a[0])
def test_the_installed_script_is_the_same_command_line(base: str, arguments: list[str]) -> None:
    settings = environment(PORT=str(urlsplit(base).port))

    ran = subprocess.run([SCRIPT, *arguments], env=settings, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, done(base, *arguments), "")


def test_the_installed_script_refuses_with_the_same_exit_code() -> None:
    ran = subprocess.run([SCRIPT, "tasks", "--url", "gesta"], env=environment(), capture_output=True, text=True, check=False)

    assert refused(ran) == refused(command_line("tasks", "--url", "gesta"))
