"""`gesta replay`: says that the recorded causes give the recorded consequences, or names the first place where they do not."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from api import replay_processes
from tests.integration.engines import completed, deployed, fetched, opened, rows, several_started, started
from tests.integration.models import CHAIN, ONE
from tests.server import command_line

pytestmark = pytest.mark.anyio
UNKNOWN = "01a21414-0d9c-713b-9ed9-27a630000000"
OF_A_KIND = "SELECT originator_id::text, originator_version, state FROM stored_events WHERE topic = %s ORDER BY notification_id"


async def recorded(database: str) -> tuple[str, str]:
    """Two instances with their first steps done; their ids."""
    async with opened(database) as engine:
        await deployed(engine, ONE, CHAIN)
        first, second = await started(engine, "chain", n=1), await started(engine, "one")
        [task] = await fetched(engine, "first")
        await completed(engine, task, result="good")
    return first, second


def alter_a_fact(database: str, name: bytes, other: bytes, topic: str = "ElementActivated.1") -> None:
    """Change the last fact of a kind that holds a name in the store itself, past the trigger."""
    with psycopg.connect(database, autocommit=True) as connection:
        stream, version, state = [row for row in connection.execute(OF_A_KIND.encode(), [topic]).fetchall() if name in row[2]][-1]
        connection.execute("ALTER TABLE stored_events DISABLE TRIGGER facts_are_append_only")
        change = "UPDATE stored_events SET state = %s WHERE originator_id = %s AND originator_version = %s"
        connection.execute(change, [state.replace(name, other), stream, version])
        connection.execute("ALTER TABLE stored_events ENABLE TRIGGER facts_are_append_only")


def replayed(database: str, *arguments: str) -> tuple[int, Any]:
    """Exit code and what was told as JSON, the rate left out."""
    done = command_line("replay", "--json", *arguments, DATABASE_URL=database)
    told = json.loads(done.stdout)
    assert told.pop("factsPerSecond") >= 0
    return done.returncode, told


async def test_everything_and_one_instance_replay_without_a_difference(database: str) -> None:
    _, second = await recorded(database)
    [(facts,)] = await rows(database, "SELECT count(*) FROM stored_events WHERE topic NOT LIKE '%%Deploy%%'")
    [(own,)] = await rows(database, "SELECT count(*) FROM stored_events WHERE left(originator_id::text, 29) = left(%s, 29)", second)

    assert replayed(database, "--all") == (0, {"instances": 2, "facts": facts, "differences": []})
    assert replayed(database, second) == (0, {"instances": 1, "facts": own, "differences": []})


async def test_a_large_event_store_is_replayed_by_several_processes(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each instance by one of them; what one finds is told."""
    async with opened(database) as engine:
        await deployed(engine, CHAIN)
        await several_started(engine, "chain", 20)
    alter_a_fact(database, b"first", b"f1rst")
    [(facts,)] = await rows(database, "SELECT count(*) FROM stored_events WHERE topic NOT LIKE '%%Deploy%%'")
    monkeypatch.setattr(replay_processes, "LARGE", 1)

    parts = replay_processes.divided(database, 3, facts)
    replaying = replay_processes.Replaying(database)
    instances, replayed_facts, differences = await replaying.run(facts)

    assert len(parts) == 3
    assert (instances, replayed_facts, replaying.facts) == (20, facts, facts)
    assert [difference.got.count("first") for difference in differences] == [1]


async def test_an_altered_fact_is_named_with_its_cause_and_what_it_should_be(database: str) -> None:
    first, _ = await recorded(database)
    alter_a_fact(database, b"second", b"sec0nd")
    cause = "SELECT originator_id::text, originator_version, notification_id FROM stored_events WHERE topic = 'ExternalTaskCompleted.1'"
    [(stream, version, position)] = await rows(database, cause)

    code, told = replayed(database, "--all")

    assert code == 1
    assert told["differences"] == [
        {
            "instance": first,
            "cause": "ExternalTaskCompleted",
            "position": position,
            "stream": stream,
            "version": version,
            "fact": 5,
            "expected": "ElementActivated(key=12, element_id='sec0nd', scope=0) in stream 0",
            "got": "ElementActivated(key=12, element_id='second', scope=0) in stream 0",
        }
    ]


async def test_a_person_is_told_in_words(database: str) -> None:
    first, _ = await recorded(database)

    good = command_line("replay", "--all", DATABASE_URL=database)
    alter_a_fact(database, b"second", b"sec0nd")
    bad = command_line("replay", first, DATABASE_URL=database)

    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("2 instances, ")
    assert good.stdout.endswith("facts/s: no difference\n")
    assert (bad.returncode, bad.stderr) == (1, "")
    place, expected, got, verdict = bad.stdout.splitlines()
    assert place.startswith("ExternalTaskCompleted at ")
    assert place.endswith(": fact 5 differs")
    assert (expected.split(), got.split()) == (
        ["expected", *["ElementActivated(key=12,", "element_id='sec0nd',", "scope=0)", "in", "stream", "0"]],
        ["got", *["ElementActivated(key=12,", "element_id='second',", "scope=0)", "in", "stream", "0"]],
    )
    assert verdict.endswith(": 1 differences")


async def test_an_instance_whose_definition_is_not_recorded_is_named(database: str) -> None:
    first, _ = await recorded(database)
    alter_a_fact(database, b"chain:1:", b"chain:9:", "ProcessInstanceStarted.1")

    done = command_line("replay", "--all", DATABASE_URL=database)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"gesta: process instance '{first}' was started on the definition 'chain:9:")
    assert done.stderr.endswith("', which is not recorded\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "gesta: replay takes the id of one instance, or --all"),
        ((UNKNOWN, "--all"), "gesta: replay takes the id of one instance, or --all"),
        (("order-7",), "gesta: 'order-7' is no id"),
        ((UNKNOWN,), f"gesta: no process instance '{UNKNOWN}' is recorded in this database"),
    ],
    ids=["nothing", "both", "no id", "unknown"],
)
def test_what_cannot_be_replayed_is_refused(database: str, arguments: tuple[str, ...], told: str) -> None:
    done = command_line("replay", *arguments, DATABASE_URL=database)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(told)
