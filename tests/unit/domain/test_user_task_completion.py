"""Completing a user task: checks, variables, and the token that goes on (BPMN page §6, REST contract §10.9)."""

from __future__ import annotations

import pytest

from domain.commands import CompleteUserTask
from domain.facts import (
    ElementCompleted,
    ProcessInstanceSuspended,
    UserTaskCompleted,
    UserTaskCreated,
    VariablesSet,
)
from domain.history import OpenUserTask
from domain.ids import part_id
from domain.refusals import ExecutionFailed, MissingValue, Suspended
from domain.values import Value
from tests.unit.domain.commands import complete_user_task, task_id
from tests.unit.domain.given import (
    INSTANCE,
    NOW,
    Refused,
    ends,
    of_instance,
    passes,
    started,
    values,
)
from tests.unit.domain.models import definition, extensions, mapping, node, sub_process

SIMPLE = definition("start > u > end", node("userTask", "u"))


def created(key: int = 8, execution: int = 0) -> UserTaskCreated:
    return UserTaskCreated(key, "u", "p:1:d", execution)


def test_a_completed_user_task_lets_its_token_go_on() -> None:
    instance = started(SIMPLE)

    facts = instance.when(complete_user_task(8, n=1))

    assert facts == [
        *of_instance(UserTaskCompleted(8, values(n=1)), VariablesSet(0, values(n=1)), ElementCompleted(8)),
        *passes(12, "u", "end"),
        *ends(),
    ]
    assert instance.history.open_user_tasks == []


def test_variables_of_a_completion_are_set_where_they_live() -> None:
    content = sub_process("sub", "start2 > u > a", node("userTask", "u"), inner=extensions(mapping({"x": "old"})))
    instance = started(definition("start > sub", content))

    facts = instance.when(complete_user_task(16, x="new", y="new"))

    assert facts[:4] == of_instance(
        UserTaskCompleted(16, values(x="new", y="new")),
        VariablesSet(8, values(x="new")),
        VariablesSet(0, values(y="new")),
        ElementCompleted(16),
    )


@pytest.mark.parametrize("key", [4, 12, 16, 20])
def test_what_is_no_open_user_task_is_not_completed(key: int) -> None:
    instance = started(definition("start > x; x > a; x > u", node("task", "x"), node("userTask", "u")))
    instance.when(complete_user_task(16))

    refusal = instance.refusal(complete_user_task(key))

    assert refusal == Refused(MissingValue, f"Cannot find task with id {task_id(key)}: task is null")


@pytest.mark.parametrize("ordinal", [0, 1, 8, 9, 11])
def test_an_id_of_something_else_names_no_user_task(ordinal: int) -> None:
    instance = started(SIMPLE)

    refusal = instance.refusal(CompleteUserTask(part_id(INSTANCE, ordinal)))

    assert refusal == Refused(MissingValue, f"Cannot find task with id {part_id(INSTANCE, ordinal)}: task is null")


def test_a_suspended_user_task_is_not_completed() -> None:
    instance = started(SIMPLE)
    instance.given(*of_instance(ProcessInstanceSuspended()))

    refusal = instance.refusal(complete_user_task(8))

    assert refusal == Refused(Suspended, f"ENGINE-03050 Task with id '{task_id(8)}' is suspended.")


def test_a_completion_that_cannot_go_on_is_refused() -> None:
    instance = started(definition("start > u; u > end ? ${n > 1}", node("userTask", "u")))

    refusal = instance.refusal(complete_user_task(8, n=1))

    assert refusal.by is ExecutionFailed
    assert instance.history.open_user_tasks == [OpenUserTask(created(), NOW)]


def test_java_objects_are_not_taken_from_users() -> None:
    instance = started(SIMPLE)

    refusal = instance.refusal(
        complete_user_task(8, n=Value("Object", "rO0=", {"serializationDataFormat": "application/x-java-serialized-object"}))
    )

    message = "ENGINE-17007 Cannot set variable with name n. Java serialization format is prohibited"
    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")
