"""What the engine wrote, read through the library's own doors: notification log, mapper, repository and snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast
from uuid import UUID

import pytest
from eventsourcing.application import AggregateNotFoundError

from domain.facts import ProcessInstanceStarted, Recorded
from domain.history import History
from domain.ids import aggregate_id, ordinal_of
from projections.event_store import EventStore
from tests.integration.engines import opened, rows
from tests.integration.load import Load

pytestmark = pytest.mark.anyio
STEPS = 400


@pytest.fixture
async def written(database: str) -> str:
    """A database in which much has happened."""
    async with opened(database) as engine:
        await Load(engine, seed=1).run(STEPS)
    return database


def log_of(store: EventStore) -> Iterator[Recorded]:
    """The whole log, section by section, as the library's followers read it."""
    section_id: str | None = "1,100"
    while section_id is not None:
        section = store.log[section_id]
        for n in section.items:
            yield store.facts.mapper.to_domain_event(n)  # type: ignore[misc]
        section_id = section.next_id


async def test_every_stream_replays_through_the_repository_to_what_the_engine_knows(written: str) -> None:
    with EventStore(written) as store:
        log = list(log_of(store))
        for instance_id in {aggregate_id(record.originator_id) for record in log}:
            inside = [record for record in log if aggregate_id(record.originator_id) == instance_id]
            compare(store, instance_id, inside)
    assert len(log) > STEPS


def compare(store: EventStore, instance_id: str, records: list[Recorded]) -> None:
    """Every stream of an aggregate and its parts, as the library folds it, against the domain's own history."""
    streams = {record.originator_id for record in records}
    for stream in streams:
        assert store.records(stream) == [record for record in records if record.originator_id == stream]
    if not isinstance(records[0].fact, ProcessInstanceStarted):
        return
    history = History.of(records)
    assert store.process_instance(instance_id) == history.state
    tasks = [store.external_task(stream) for stream in sorted(streams) if ordinal_of(stream)]
    assert tasks == [task for _, task in sorted(history.tasks.items())]


async def test_the_notification_log_is_the_whole_log_in_order(written: str) -> None:
    seen: list[tuple[int, str, int]] = []
    with EventStore(written) as store:
        while section := store.log.select(seen[-1][0] if seen else 0, 50, inclusive_of_start=False):
            seen += [(n.id, str(n.originator_id), n.originator_version) for n in section]
        latest = store.recorder.max_notification_id()

    placed = "SELECT notification_id, originator_id::text, originator_version FROM stored_events ORDER BY notification_id"
    assert seen == await rows(written, placed)
    assert latest == seen[-1][0]


async def test_a_snapshot_of_every_instance_changes_nothing(written: str) -> None:
    with EventStore(written) as store:
        instances = [record.originator_id for record in log_of(store) if isinstance(record.fact, ProcessInstanceStarted)]
        for instance_id in instances:
            whole, early = store.process_instance(instance_id), store.process_instance(instance_id, version=1)

            snapshot = store.take_snapshot(instance_id)

            assert cast(list[object], list(store.snapshots.get(UUID(instance_id)))) == [snapshot]
            assert (snapshot.originator_version, snapshot.state) == (whole.version, whole)
            assert store.process_instance(instance_id) == whole
            assert store.process_instance(instance_id, version=1) == early
            assert early.version == 1
    assert len(instances) > STEPS / 10


async def test_what_never_was_is_not_found(database: str) -> None:
    with EventStore(database) as store, pytest.raises(AggregateNotFoundError):
        store.records("0193f000-0000-7abc-8abc-def000000000")
