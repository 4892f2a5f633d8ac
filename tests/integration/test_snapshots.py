"""Snapshots of instances with long histories: found where they spare work, and never more than a shortcut."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from eventsourcing.application import Repository

from api.engine import Engine
from api.engine.streams import SNAPSHOT_ABOVE, is_worth_a_snapshot
from domain.commands import ResourceFile
from domain.state import InstanceState
from projections.event_store import EventStore
from projections.snapshot import SCHEMA_VERSION, TOPIC, project_instance
from tests.integration.engines import completed, deployed, differences, fetched, opened, rows, signalled, started
from tests.integration.models import LOOP, boundary, model, on_signal, scope, throws

pytestmark = pytest.mark.anyio
HEARING = model("loop", scope("start > turn > turn; heard > work > end", boundary("heard", "turn", on_signal("alarm"), interrupting=False)))
"""The loop; each signal begins something beside it."""
SHOUT = model("shout", scope("start > loud > end", throws("loud", "alarm")))
FACTS_A_TURN = 4
MANY = SNAPSHOT_ABOVE // FACTS_A_TURN + 1
"""So many turns that a snapshot is worth it."""
SNAPSHOTS = "SELECT originator_version, topic FROM snapshots ORDER BY originator_version"


async def turned(engine: Engine, times: int) -> None:
    """Go round the loop, one variable more each time up to three."""
    for number in range(times):
        (task,) = await fetched(engine, "turn")
        variables: dict[str, Any] = {f"n{number % 3}": number}
        await completed(engine, task, **variables)


async def long_instance(database: str, turns: int = MANY, model: ResourceFile = LOOP) -> tuple[str, int]:
    """An instance with many facts, its engine gone; its id and version."""
    async with opened(database) as engine:
        await deployed(engine, model)
        instance_id = await started(engine, "loop", who="mary")
        await turned(engine, turns)
        return instance_id, await version_of(engine, instance_id)


async def version_of(engine: Engine, instance_id: str) -> int:
    state = await engine.live_state(instance_id)
    assert state is not None
    return state.version


def from_facts_alone(database: str, instance_id: str) -> InstanceState:
    """The state as the library folds it without snapshots."""
    with EventStore(database) as store:
        plain: Repository[UUID] = Repository(store.facts)
        state: InstanceState = plain.get(UUID(instance_id), projector_func=project_instance)
    return state


async def test_an_instance_that_had_to_be_read_from_many_facts_is_kept_as_a_snapshot(database: str) -> None:
    instance_id, version = await long_instance(database)

    async with opened(database) as engine:
        await turned(engine, 1)

        assert await rows(database, SNAPSHOTS) == [(version, TOPIC)]
        assert await engine.live_state(instance_id) == from_facts_alone(database, instance_id)
    assert await differences(database) == []


@pytest.mark.parametrize("thrown", [False, True], ids=["sent", "thrown"])
async def test_so_is_one_that_a_signal_reaches(database: str, thrown: bool) -> None:
    instance_id, version = await long_instance(database, model=HEARING)

    async with opened(database) as engine:
        await deployed(engine, SHOUT)
        await (started(engine, "shout") if thrown else signalled(engine, "alarm"))

        assert await rows(database, SNAPSHOTS) == [(version, TOPIC)]
        assert await engine.live_state(instance_id) == from_facts_alone(database, instance_id)
        assert len(await fetched(engine, "work")) == 1


async def test_a_few_facts_leave_no_snapshot(database: str) -> None:
    _, version = await long_instance(database, turns=2)

    async with opened(database) as engine:
        await turned(engine, 1)

    assert version <= SNAPSHOT_ABOVE
    assert await rows(database, SNAPSHOTS) == []


async def test_an_instance_that_the_engine_remembers_leaves_no_snapshot(database: str) -> None:
    _, version = await long_instance(database, turns=2 * MANY)

    assert version > 2 * SNAPSHOT_ABOVE
    assert await rows(database, SNAPSHOTS) == []


async def test_the_engine_goes_on_from_a_snapshot_and_keeps_only_the_newest(database: str) -> None:
    instance_id, _ = await long_instance(database)
    async with opened(database) as engine:
        await turned(engine, MANY + 1)
        version = await version_of(engine, instance_id)

    async with opened(database) as engine:
        await turned(engine, 1)

        assert await rows(database, SNAPSHOTS) == [(version, TOPIC)]
        assert await engine.live_state(instance_id) == from_facts_alone(database, instance_id)
    assert await differences(database) == []


async def test_what_is_read_is_the_snapshot_and_the_facts_after_it(database: str) -> None:
    instance_id, version = await long_instance(database)
    with EventStore(database) as store:
        snapshot = store.take_snapshot(instance_id)
        told = msgspec.structs.replace(snapshot, state=msgspec.structs.replace(snapshot.state, business_key="only the snapshot says so"))
        store.snapshots.put([told])  # type: ignore[list-item]

    async with opened(database) as engine:
        await turned(engine, 1)
        state = await engine.live_state(instance_id)
    with EventStore(database) as store:
        read = store.process_instance(instance_id)

    assert state is not None
    assert (state.business_key, state.version) == ("only the snapshot says so", version + FACTS_A_TURN)
    assert read == state


async def test_a_snapshot_of_another_schema_version_is_passed_over_and_replaced(database: str) -> None:
    instance_id, version = await long_instance(database)
    insert = "INSERT INTO snapshots VALUES (%s, %s, 'InstanceState.0', 'of old') RETURNING originator_version"
    await rows(database, insert, instance_id, version)

    with EventStore(database) as store:
        assert store.process_instance(instance_id) == from_facts_alone(database, instance_id)
    async with opened(database) as engine:
        await turned(engine, 1)

    assert await rows(database, SNAPSHOTS) == [(version, TOPIC)]


def test_a_large_state_is_not_written_again_for_a_few_facts() -> None:
    large, small = b"x" * 100_000, b"x" * 40
    snapshot, facts = ("i", 100, TOPIC, large), [("i", n, "ElementActivated.1", small) for n in range(3000)]

    assert is_worth_a_snapshot(facts[: SNAPSHOT_ABOVE + 1])
    assert not is_worth_a_snapshot(facts[:SNAPSHOT_ABOVE])
    assert not is_worth_a_snapshot([snapshot, *facts[:1000]])
    assert is_worth_a_snapshot([snapshot, *facts])


def test_whoever_changes_the_state_of_an_instance_raises_the_schema_version() -> None:
    fields = {field.name: str(field.type) for field in msgspec.structs.fields(InstanceState)}

    assert (SCHEMA_VERSION, list(fields)) == (
        2,
        [
            *("id", "definition_id", "business_key", "tenant_id", "version", "next_key", "tokens", "children", "places", "branches"),
            *("variables", "incidents", "incident_of", "subscriptions", "awaited", "jobs", "held", "suspended", "ended", "hidden"),
        ],
    )
