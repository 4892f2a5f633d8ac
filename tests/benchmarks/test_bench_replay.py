"""Replay of streams: every recorded cause decided again, from the event store and from memory, and the plain fold of the same facts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

import psycopg
import pytest

from api.replay_processes import LARGE, Replaying
from api.replaying import Replayer, reading
from domain.elements import ProcessDefinition
from domain.facts import ProcessInstanceStarted, Recorded
from domain.history import History
from domain.ids import aggregate_id
from domain.replay import replay
from projections.fact_mapper import FactMapper
from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import complete_all, deploy, engine_on, lock_all, start_all
from tests.benchmarks.models import Model, chain, fork
from tests.benchmarks.report import Report
from tests.benchmarks.timing import computed

ROUNDS = 3
# Purpose: the whole event store.
LOG = "SELECT originator_id::text, originator_version, topic, state, notification_id FROM stored_events ORDER BY notification_id"


class Log(NamedTuple):
    """What was recorded, in memory."""

    definition: ProcessDefinition
    rows: Sequence[Sequence[Any]]
    instances: Sequence[Sequence[Recorded]]
    """The facts of each, in the order of the log."""

    @property
    def facts(self) -> int:
        return sum(len(records) for records in self.instances)

    def replayed(self) -> int:
        """Replay everything; how many differences there are."""
        return sum(len(replay(records, lambda _: self.definition)) for records in self.instances)

    def folded(self) -> int:
        """Fold everything; how many instances have ended."""
        states = [History.of(records).state for records in self.instances]
        return sum(state is not None and state.ended is not None for state in states)


@pytest.mark.parametrize(
    ("model", "instances"),
    [(chain("chain"), 2_000), (fork("branches", 2_000), 1)],
    ids=["chains of three tasks", "one instance, 2,000 branches"],
)
def test_replaying_streams(database: str, model: Model, instances: int, request: pytest.FixtureRequest) -> None:
    log = run(recorded(database, model, instances))

    from_store, computing = sorted(run(timed_replayer(database, log.facts)) for _ in range(ROUNDS))[ROUNDS // 2]
    decoding, _ = computed(lambda: decoded(log.rows), ROUNDS)
    replaying, differences = computed(log.replayed, ROUNDS)
    folding, ended = computed(log.folded, ROUNDS)

    assert (differences, ended) == (0, instances)
    with Report(f"Replay: {request.node.callspec.id}, {log.facts:,} facts") as report:
        report.add("decided again, read from the event store", log.facts / from_store, "facts/s", target=">= 50,000")
        report.add("the same, the replaying process's own time alone", log.facts / computing, "facts/s")
        report.add("decided again, in memory", log.facts / replaying, "facts/s")
        report.add("folded, in memory", log.facts / folding, "facts/s")
        report.add("decoded", len(log.rows) / decoding, "facts/s")


def test_replaying_a_large_event_store(large_backlog: str) -> None:
    """As `gesta replay --all` does: a process per core, their start included."""
    with psycopg.connect(large_backlog) as connection:
        facts = int((connection.execute("SELECT count(*) FROM stored_events").fetchone() or (0,))[0])

    began = time.perf_counter()
    _, replayed, differences = run(Replaying(large_backlog).run(facts))
    seconds = time.perf_counter() - began

    assert (replayed > LARGE, differences) == (True, [])
    with Report(f"Replay of a large event store, {facts:,} facts") as report:
        report.add("decided again by a process per core", replayed / seconds, "facts/s", target=">= 50,000")


async def recorded(conninfo: str, model: Model, instances: int) -> Log:
    """Run instances to their ends and read what they left."""
    async with engine_on(conninfo) as engine:
        definition = await engine.definition(await deploy(engine, model))
        await start_all(engine, model.key, instances, 64)
        for topic in model.topics:
            while tasks := await lock_all(engine, topic, 1_000):
                await complete_all(engine, tasks, 64)
        rows = await engine.query(LOG)
    assert definition is not None
    by_instance = sorted(decoded(rows), key=lambda record: (aggregate_id(record.originator_id), record.notification_id))
    groups = [list(group) for _, group in groupby(by_instance, lambda record: aggregate_id(record.originator_id))]
    return Log(definition, rows, [group for group in groups if isinstance(group[0].fact, ProcessInstanceStarted)])


def decoded(rows: Sequence[Sequence[Any]]) -> list[Recorded]:
    read = FactMapper().record
    return [read(*row) for row in rows]


async def timed_replayer(conninfo: str, facts: int) -> tuple[float, float]:
    """Seconds to replay the whole event store, and the processor time of this process among them."""
    async with await reading(conninfo) as streaming, await reading(conninfo) as reads:
        replayer = Replayer(streaming, reads)
        began, computed_before = time.perf_counter(), time.process_time()
        replayed = [instance async for instance in replayer.instances()]
        seconds = time.perf_counter() - began, time.process_time() - computed_before
    assert sum(instance.facts for instance in replayed) == facts
    assert [instance.differences for instance in replayed if instance.differences] == []
    return seconds
