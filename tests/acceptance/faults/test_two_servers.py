"""Two servers on one database under load: workers notice nothing of it, no task is anybody's twice, and the log can be followed."""

from __future__ import annotations

from collections import Counter

import psycopg

from domain.facts import (
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExpired,
    Recorded,
)
from tests.acceptance.faults.chain import MODEL, TOPICS
from tests.acceptance.faults.log import Log
from tests.acceptance.faults.shift import worked_off
from tests.acceptance.faults.tail import following
from tests.acceptance.shared_server import deploy
from tests.conftest import StartServer

WORKERS, STARTS = 6, 10


def test_workers_of_two_servers_never_meet(database: str, server: StartServer) -> None:
    one, other = server(database), server(database)
    deploy(one.base, MODEL.name, MODEL.content)

    with following(database) as tail:
        answers = worked_off((one.base, other.base), WORKERS, STARTS)

    log, instances = Log(database), WORKERS * STARTS
    failed = sum(counted(log, ExternalTaskFailed).values())
    assert set(answers) == {"start: 200", "fetchAndLock: 200", "complete: 204", "failure: 204"}
    assert (answers["start: 200"], answers["complete: 204"], answers["failure: 204"]) == (instances, len(TOPICS) * instances, failed)
    assert Counter(counted(log, ExternalTaskCompleted).values()) == {1: len(TOPICS) * instances}
    assert len(log.ended()) == len(set(log.ended())) == instances
    assert (log.broken_streams(), log.streams_after_their_end(), locked_twice(log)) == ([], [], [])
    assert counted(log, ExternalTaskLockExpired)
    assert tail.seen == positions(database)
    assert (one.complaints, other.complaints) == ("", "")


def counted(log: Log, kind: type) -> Counter[str]:
    """How often a kind of fact stands in each stream."""
    return Counter(name for name, records in log.streams.items() for record in records if isinstance(record.fact, kind))


def locked_twice(log: Log) -> list[str]:
    """Tasks that were given to somebody while they were somebody's."""
    return [name for name, records in log.streams.items() if not all(map(free_between, locks := held(records), locks[1:]))]


def held(records: list[Recorded]) -> list[tuple[int, int]]:
    """From when to when a task was locked, each time. In ms."""
    spans: list[tuple[int, int]] = []
    for record in records:
        if isinstance(record.fact, ExternalTaskLocked):
            spans.append((record.envelope.at, record.fact.lock_until))
        elif isinstance(record.fact, ExternalTaskFailed):
            spans[-1] = (spans[-1][0], record.envelope.at)
    return spans


def free_between(earlier: tuple[int, int], later: tuple[int, int]) -> bool:
    """Tell whether one lock was over when the next one began."""
    return earlier[1] <= later[0]


def positions(conninfo: str) -> list[int]:
    """All places in the log."""
    with psycopg.connect(conninfo) as connection:
        return [position for (position,) in connection.execute("SELECT notification_id FROM stored_events ORDER BY notification_id")]
