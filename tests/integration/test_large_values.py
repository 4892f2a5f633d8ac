"""Large values on a real PostgreSQL: stored once, read whole everywhere, and there after a restart."""

from __future__ import annotations

import pytest

from api.engine import Engine
from domain.facts import ProcessInstanceStarted
from domain.values import Value
from projections.history.variable_instance.query import VARIABLE_INSTANCES
from projections.history.variable_instance.values import Stored, restored
from projections.large_values import decode_value
from projections.querying import Page
from projections.variable.query import OF_SCOPES
from tests.integration.engines import completed, deployed, differences, fetched, opened, rows, started
from tests.integration.models import ONE, model, scope

pytestmark = pytest.mark.anyio
CHECKED = model(
    "checked",
    scope(
        "start > work > choice; choice > matched > end ? ${text.endsWith('long ')}; choice > other > end",
        '<exclusiveGateway id="choice" default="choice-other"/>',
    ),
)
"""What a large text holds decides where it goes on."""
TEXT = Value("String", "long " * 20_000)
FILE = Value("File", bytes(range(256)) * 1000, {"filename": "a.bin"})
STORED = """
SELECT (SELECT count(*) FROM blob WHERE octet_length(content) > 16384), (SELECT max(octet_length(state)) FROM stored_events),
    (SELECT max(octet_length(payload)) FROM variable)
"""


async def test_a_large_value_is_stored_once_whatever_it_passes(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await started(engine, "one", text=TEXT, file=FILE)
    instance_id = await started(engine, "one", text=TEXT, small="x")
    [task, _] = await fetched(engine, "work")
    await completed(engine, task, text=TEXT, again=FILE)

    assert instance_id
    [(blobs, state, payload)] = await rows(database, STORED)
    assert blobs == 2
    assert (state < 10_000, payload < 100) == (True, True)


async def test_workers_and_readers_get_it_whole(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance_id = await started(engine, "one", text=TEXT, file=FILE, small="x")

    [task] = await fetched(engine, "work")
    of_scope = await engine.query(OF_SCOPES, [[instance_id]])
    [fact, *_] = await engine.facts(instance_id)

    whole = {"text": TEXT, "file": FILE, "small": Value("String", "x")}
    assert task.variables == whole
    assert {name: decode_value(payload) for name, payload in of_scope} == whole
    assert isinstance(fact.fact, ProcessInstanceStarted)
    assert fact.fact.variables == whole


async def test_history_compares_its_beginning_and_tells_all_of_it(engine: Engine) -> None:
    await deployed(engine, ONE)
    await started(engine, "one", text=TEXT)

    sql, parameters = VARIABLE_INSTANCES.select({"variableName": "text"}, (), Page())
    [row] = await engine.query_history(sql, parameters)

    assert restored(Stored(*row[: len(Stored._fields)])) == TEXT
    assert row[1] == str(TEXT.content)[:4000]


async def test_another_engine_decides_on_it_and_replay_does_once_more(engine: Engine, database: str) -> None:
    await deployed(engine, CHECKED)
    await started(engine, "checked", text=TEXT)

    async with opened(database) as other:
        [task] = await fetched(other, "work")
        await completed(other, task)
        found = [task.task.activity_id for task in await fetched(other, "matched", "other")]

    assert found == ["matched"]
    assert await differences(database) == []
