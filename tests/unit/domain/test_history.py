"""All that is known of an instance, at every fact and at every instant."""

from __future__ import annotations

from msgspec.structs import replace

from domain.external_task import ExternalTaskState
from domain.facts import Recorded
from domain.history import History
from domain.state import ElementInstance, InstanceState
from tests.unit.domain.commands import (
    complete,
    complete_user_task,
    fail,
    lock,
    modify,
    resume,
    set_priority,
    set_retries,
    suspend,
    task_id,
    unlock,
)
from tests.unit.domain.given import INSTANCE, NOW, AnyCommand, Instance, started, values
from tests.unit.domain.models import definition, node

FLOWS = "start > x; x > a > end; x > u > end"


def story() -> Instance:
    """An instance that something happens to every second: a task `a` (12) and a user task `u` (16) are open at first."""
    instance = started(definition(FLOWS, node("task", "x"), node("userTask", "u")), n=1)
    commands: list[AnyCommand] = [
        lock(12),
        fail(12, retries=0),
        set_retries(12, 2),
        suspend(),
        modify(0, "n", m=2),
        resume(),
        unlock(12),
        set_priority(12, 5),
        complete_user_task(16),
        lock(12, "v"),
        complete(12, worker="v"),
    ]
    for command in commands:
        instance.at += 1000
        instance.when(command)
    return instance


def until(records: list[Recorded], seconds: int) -> History:
    return History.of(record for record in records if record.envelope.at <= NOW + 1000 * seconds)


def task(history: History) -> ExternalTaskState:
    (open_task,) = history.open_tasks
    return open_task


def instance_of(history: History) -> InstanceState:
    assert history.state is not None
    return history.state


def test_an_instance_of_which_nothing_is_known_has_no_state() -> None:
    history = History.of([])

    assert (history.state, history.open_tasks, history.open_user_tasks, history.started_at) == (None, [], [], 0)


def test_every_fact_is_one_step() -> None:
    records = story().records

    tokens = [[element_at(token) for _, token in sorted(instance_of(History.of(records[:n])).tokens.items())] for n in range(1, 12)]

    assert tokens == [
        [],
        ["start"],
        [],
        ["on start-x"],
        ["x"],
        [],
        ["on x-a"],
        ["on x-a", "on x-u"],
        ["a", "on x-u"],
        ["a", "on x-u"],
        ["a", "u"],
    ]


def element_at(token: ElementInstance) -> str:
    return f"on {token.flow_id}" if token.flow_id else token.element_id


def test_a_token_on_a_flow_is_no_active_element() -> None:
    state = instance_of(History.of(story().records[:9]))

    assert state.elements == [ElementInstance(12, "a", 0)]


def test_an_instance_is_seen_as_it_stood_at_every_instant() -> None:
    records = story().records

    histories = [until(records, seconds) for seconds in range(12)]

    assert {history.started_at for history in histories} == {NOW}
    assert [(state.suspended, state.ended) for state in map(instance_of, histories)] == [
        *[(False, None)] * 4,
        *[(True, None)] * 2,
        *[(False, None)] * 5,
        (False, "COMPLETED"),
    ]
    assert [dict(instance_of(history).variables[0]) for history in histories] == [values(n=1)] * 5 + [values(m=2)] * 7
    assert [len(instance_of(history).incidents) for history in histories] == [0, 0, 1] + [0] * 9
    assert [len(history.open_user_tasks) for history in histories] == [1] * 9 + [0] * 3


def test_a_task_is_seen_as_it_stood_at_every_instant() -> None:
    records = story().records
    new = ExternalTaskState(task_id(12), 12, "a", "p:1:d", "a", 0, NOW)
    failed = replace(new, worker_id="w", lock_until=NOW + 2000, released=True, retries=0, error_message="boom", version=3)
    retried = replace(failed, retries=2, version=4)
    unlocked = replace(retried, worker_id=None, lock_until=None, released=False, version=5)

    seen = [task(until(records, seconds)) for seconds in range(11)]

    assert seen == [
        new,
        replace(new, worker_id="w", lock_until=NOW + 61_000, version=2),
        failed,
        *[retried] * 4,
        unlocked,
        *[replace(unlocked, priority=5, version=6)] * 2,
        replace(unlocked, priority=5, worker_id="v", lock_until=NOW + 70_000, version=7),
    ]
    assert until(records, 11).open_tasks == []


def test_a_states_version_is_that_of_its_stream() -> None:
    instance = story()
    own = [record for record in instance.records if record.originator_id == INSTANCE]

    versions = [instance_of(History.of(own[:n])).version for n in range(1, len(own) + 1)]

    assert versions == [record.originator_version for record in own] == list(range(1, len(own) + 1))


def test_nothing_is_left_of_an_instance_that_ended() -> None:
    state = instance_of(History.of(story().records))

    assert [len(kept) for kept in (state.tokens, state.children, state.places, state.incidents, state.incident_of)] == [0] * 5
