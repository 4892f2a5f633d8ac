"""A step costs the same in an instance of one task and in one of thousands: counted in calls and in memory, never in time."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from functools import cache, partial
from types import FrameType
from typing import Any

import pytest

from domain.state import SCOPE_EXECUTION
from tests.unit.domain import commands as asks
from tests.unit.domain.given import AnyCommand, Instance
from tests.unit.domain.models import (
    Xml,
    catches,
    catches_error,
    definition,
    extensions,
    external,
    mapping,
    node,
    on_signal,
    on_time,
    receives,
)

MANY = 5_000
AT_MOST = 1.5


@cache
def parallel(others: int) -> Instance:
    """An instance with one of everything that waits, and that many others beside them. Nothing may be recorded in it."""
    before, behind, waiting = range(others // 2), range(others // 2, others), ("task", "user", "message", "signal", "timer", "async")
    flows = [f"fork > {id} > join" for id in (*(f"a{n}" for n in before), *waiting, *(f"a{n}" for n in behind))]
    nodes = [
        *(node("parallelGateway", id) for id in ("fork", "join")),
        external("task", extensions(mapping(outputs={"r": "${n}"}))),
        node("userTask", "user"),
        catches_error("caught", "task"),
        receives("message", "m"),
        catches("signal", on_signal("s")),
        catches("timer", on_time()),
        external("async", camunda_asyncBefore="true"),
        *(other(n) for n in range(others)),
    ]
    instance = Instance(definition("; ".join(["start > fork", "join > b", "caught > c", *flows]), *nodes), replayed=False)
    instance.when(asks.start(n=1))
    instance.when(asks.lock(key_of(instance, "task")))
    return instance


def other(n: int) -> Xml:
    """Every third of the others waits for a message, and every third for a time."""
    id = f"a{n}"
    return external(id) if n % 3 == 0 else receives(id, id) if n % 3 == 1 else catches(id, on_time())


def job_of(instance: Instance, element_id: str) -> int:
    (job,) = (job for job in instance.state.jobs.values() if job.element_id == element_id)
    return job.key


def key_of(instance: Instance, element_id: str) -> int:
    (element,) = (element for element in instance.state.elements if element.element_id == element_id)
    return element.key


COMMANDS: dict[str, Callable[[Instance], AnyCommand]] = {
    "complete": lambda instance: asks.complete(key_of(instance, "task"), n=2),
    "bpmn error": lambda instance: asks.bpmn_error(key_of(instance, "task")),
    "failure": lambda instance: asks.fail(key_of(instance, "task"), retries=0),
    "lock": lambda instance: asks.lock(key_of(instance, "task")),
    "user task": lambda instance: asks.complete_user_task(key_of(instance, "user"), n=2),
    "variables": lambda instance: asks.modify(key_of(instance, "task"), n=2),
    "suspension": lambda instance: asks.suspend(),
    "message": lambda instance: asks.message(key_of(instance, "message"), "m", n=2),
    "signal": lambda instance: asks.signal("s", n=2),
    "timer": lambda instance: asks.execute(job_of(instance, "timer")),
    "continuation": lambda instance: asks.execute(job_of(instance, "async")),
    "failed job": lambda instance: asks.fail_job(job_of(instance, "timer")),
    "signalled execution": lambda instance: asks.move_on(key_of(instance, "message") + SCOPE_EXECUTION),
}


def calls_of(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls, those of extension modules included."""
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def memory_of(work: Callable[[], object]) -> int:
    """The most bytes that a piece of work holds at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_makes_as_many_facts_among_thousands_as_alone(name: str) -> None:
    alone, among = parallel(0), parallel(MANY)

    facts = [len(instance.decided(COMMANDS[name](instance)).facts) for instance in (alone, among)]

    assert facts[0] == facts[1] > 0


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_calls_as_many_functions_among_thousands_as_alone(name: str) -> None:
    alone, among = parallel(0), parallel(MANY)

    calls = [calls_of(partial(instance.decided, COMMANDS[name](instance))) for instance in (alone, among)]

    assert 0 < calls[1] <= AT_MOST * calls[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_copies_nothing_that_grows_with_the_instance(name: str) -> None:
    alone, among = parallel(0), parallel(MANY)

    peaks = [memory_of(partial(instance.decided, COMMANDS[name](instance))) for instance in (alone, among)]

    assert peaks[1] - peaks[0] < 4 * MANY, "more than four bytes for each of the other tasks"
