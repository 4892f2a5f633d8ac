"""A step costs the same in an instance of one task and in one of thousands: counted in calls and in memory, never in time."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from functools import cache, partial
from types import FrameType
from typing import Any

import pytest

from tests.unit.domain import commands as asks
from tests.unit.domain.given import AnyCommand, Instance
from tests.unit.domain.models import catches_error, definition, extensions, external, mapping, node

MANY = 5_000
AT_MOST = 1.5


@cache
def parallel(others: int) -> Instance:
    """An instance with a locked task, a user task, and that many other tasks beside them. Nothing may be recorded in it."""
    before, behind = range(others // 2), range(others // 2, others)
    flows = [f"fork > a{n} > join" for n in before] + ["fork > task > join", "fork > user > join"] + [f"fork > a{n} > join" for n in behind]
    nodes = [
        *(node("parallelGateway", id) for id in ("fork", "join")),
        external("task", extensions(mapping(outputs={"r": "${n}"}))),
        node("userTask", "user"),
        catches_error("caught", "task"),
    ]
    instance = Instance(definition("; ".join(["start > fork", "join > b", "caught > c", *flows]), *nodes), replayed=False)
    instance.when(asks.start(n=1))
    instance.when(asks.lock(key_of(instance, "task")))
    return instance


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
