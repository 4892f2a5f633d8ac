"""Replay tells where a log does not explain itself: which command, which of its facts, what was recorded and what is decided now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import pytest
from msgspec.structs import fields, replace

from domain.facts import (
    ElementCompleted,
    ErrorThrown,
    ExternalTaskCompleted,
    ExternalTaskLocked,
    Fact,
    ProcessInstanceStarted,
    Recorded,
    UserTaskCompleted,
    VariablesSet,
)
from domain.replay import Difference, replay
from domain.values import Value
from tests.unit.domain.commands import annotate, bpmn_error, complete, complete_user_task, fail, lock, modify, resume, set_retries, suspend
from tests.unit.domain.given import INSTANCE, AnyCommand, Instance, started, values
from tests.unit.domain.models import catches_error, definition, extensions, external, mapping, node, sub_process

FLOWS = "start > fork > a > join; fork > sub > merge > join; fork > u > join; caught > merge; join > end"
DEFINITION = definition(
    FLOWS,
    *(node("parallelGateway", id) for id in ("fork", "join")),
    node("exclusiveGateway", "merge"),
    node("userTask", "u"),
    sub_process("sub", "start2 > b > end2", external("b", extensions(mapping({"x": "${n}"}, {"y": "${x}"})))),
    catches_error("caught", "sub", "E", camunda_errorCodeVariable="code"),
)


def story() -> Instance:
    """An instance that has seen nearly everything: tasks `a` (12) and `b` (28), a user task (20), an incident (32)."""
    instance = started(DEFINITION, n=1)
    commands: list[AnyCommand] = [
        lock(12),
        fail(12),
        annotate(32, "looked at"),
        set_retries(12, 2),
        suspend(),
        resume(),
        modify(0, "n", z=1),
        lock(28),
        lock(28, "v"),
        bpmn_error(28, "E", "no stock", "v"),
        complete_user_task(20, m=1),
        complete(12),
    ]
    for command in commands:
        instance.at += 100_000
        instance.when(command)
    assert instance.state.ended == "COMPLETED"
    return instance


STORY = story()
RECORDS = STORY.records
CONSEQUENCES = [number for number, record in enumerate(RECORDS) if not record.fact.is_cause]
IDS = [f"{number}-{type(RECORDS[number].fact).__name__}" for number in CONSEQUENCES]


def differences(records: list[Recorded]) -> list[Difference]:
    return replay(records, lambda _: DEFINITION)


def altered(number: int, fact: Fact) -> list[Recorded]:
    """The log with another fact in one place."""
    return [*RECORDS[:number], replace(RECORDS[number], fact=fact), *RECORDS[number + 1 :]]


def number_of(cls: type[Fact], nth: int = 0) -> int:
    return [number for number, record in enumerate(RECORDS) if isinstance(record.fact, cls)][nth]


def other_values(value: object) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value + 1000)
        case str():
            yield value + "x"
        case None:
            yield "x"
        case dict():
            yield {**value, "other": Value("Integer", 1)}
        case tuple():
            yield (*value, *(value[:1] or ("x",)))
        case _:
            raise AssertionError(f"no other value for {value!r}")


def test_a_log_that_nobody_touched_explains_itself() -> None:
    assert differences(RECORDS) == []


def test_an_empty_log_explains_itself() -> None:
    assert differences([]) == []


def test_every_prefix_of_whole_commands_explains_itself() -> None:
    behind_expiry = number_of(ExternalTaskLocked, 2)
    causes = [number for number, record in enumerate(RECORDS) if record.fact.is_cause and number != behind_expiry]

    found = {number: differences(RECORDS[:number]) for number in causes}

    assert found == {number: [] for number in causes}


@pytest.mark.parametrize("number", CONSEQUENCES, ids=IDS)
def test_a_consequence_with_any_field_altered_is_found(number: int) -> None:
    fact = RECORDS[number].fact
    others = [replace(fact, **{field.name: other}) for field in fields(fact) for other in other_values(getattr(fact, field.name))]

    found = [differences(altered(number, other)) for other in others]

    shown = [f"{other!r} in stream {stream_of(number)}" for other in others]
    assert [difference[0].expected for difference in found] == shown
    assert {difference[0].got for difference in found} <= {f"{fact!r} in stream {stream_of(number)}"}


def stream_of(number: int) -> int:
    return int(RECORDS[number].originator_id[-7:], 16)


CHANGES: dict[str, Callable[[int], list[Recorded]]] = {
    "left out": lambda number: [*RECORDS[:number], *RECORDS[number + 1 :]],
    "doubled": lambda number: [*RECORDS[: number + 1], *RECORDS[number:]],
    "another fact": lambda number: altered(number, ErrorThrown(4, "X", None, None)),
    "in another stream": lambda number: [
        *RECORDS[:number],
        replace(RECORDS[number], originator_id=INSTANCE[:-1] + "f"),
        *RECORDS[number + 1 :],
    ],
}


@pytest.mark.parametrize("number", CONSEQUENCES, ids=IDS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_consequence_that_is_not_where_it_was_is_found(change: str, number: int) -> None:
    assert differences(CHANGES[change](number))


@pytest.mark.parametrize("number", [n for n in range(len(RECORDS) - 1) if not RECORDS[n + 1].fact.is_cause])
def test_consequences_in_another_order_are_found(number: int) -> None:
    swapped = [*RECORDS[:number], RECORDS[number + 1], RECORDS[number], *RECORDS[number + 2 :]]

    assert differences(swapped)


def test_a_difference_names_cause_place_and_both_facts() -> None:
    recorded, other = VariablesSet(0, values(m=1)), VariablesSet(0, values(m=2))
    number = next(number for number, record in enumerate(RECORDS) if record.fact == recorded)

    found = differences(altered(number, other))

    cause = RECORDS[number - 1]
    assert cause.fact == UserTaskCompleted(20, values(m=1))
    assert found == [Difference(INSTANCE, cause, 2, f"{other!r} in stream 0", f"{recorded!r} in stream 0")]


def test_an_altered_cause_shows_in_what_it_should_have_made() -> None:
    number = number_of(ProcessInstanceStarted)
    started_otherwise = replace(cast(ProcessInstanceStarted, RECORDS[number].fact), variables=values(n=2))

    first = differences(altered(number, started_otherwise))[0]

    x = "VariablesSet(scope=28, variables={'x': Value(type='Integer', content=%d, info=None, transient=False)}) in stream 0"
    assert (first.cause.fact, first.expected, first.got) == (started_otherwise, x % 1, x % 2)


def test_a_fact_too_few_and_a_fact_too_many_are_nothing_on_the_other_side() -> None:
    last = RECORDS[-1]

    (too_few,) = differences(RECORDS[:-1])
    (too_many,) = differences([*RECORDS, replace(last, fact=ElementCompleted(4))])

    assert (too_few.expected, too_few.got) == ("nothing", f"{last.fact!r} in stream 0")
    assert (too_many.expected, too_many.got) == (f"{ElementCompleted(4)!r} in stream 0", "nothing")


def test_a_cause_that_would_be_refused_today_is_told_with_the_refusal() -> None:
    number = number_of(ExternalTaskCompleted)
    by_another = ExternalTaskCompleted("stranger")

    first = differences(altered(number, by_another))[0]

    task = RECORDS[number].originator_id
    message = f"External Task {task} cannot be completed by worker 'stranger'. It is locked by worker 'w'."
    assert first == Difference(INSTANCE, replace(RECORDS[number], fact=by_another), 1, repr(by_another), f"a refusal: {message}")


def test_a_fact_before_any_cause_is_told() -> None:
    (first, *_) = differences(RECORDS[1:])

    assert first.got == f"no cause before {RECORDS[1].fact!r}"


def test_differences_of_one_command_do_not_hide_those_of_the_next() -> None:
    instance = started(definition("start > u > v > w", *(node("userTask", id) for id in "uvw")))
    instance.when(complete_user_task(8, n=1))
    instance.when(complete_user_task(12, m=1))
    places = [number for number, record in enumerate(instance.records) if isinstance(record.fact, VariablesSet)]
    records = [
        replace(record, fact=VariablesSet(0, values(other=1))) if number in places else record
        for number, record in enumerate(instance.records)
    ]

    found = replay(records, lambda _: instance.definition)

    assert [difference.cause for difference in found] == [records[number - 1] for number in places]


def test_not_a_number_is_the_same_as_itself() -> None:
    instance = started(definition("start > u > v", node("userTask", "u"), node("userTask", "v")))
    instance.when(complete_user_task(8, n=float("nan")))
    number = next(number for number, record in enumerate(instance.records) if isinstance(record.fact, VariablesSet))
    instance.records[number] = replace(instance.records[number], fact=VariablesSet(0, values(n=float("nan"))))

    assert replay(instance.records, lambda _: instance.definition) == []
