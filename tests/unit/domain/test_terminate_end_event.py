"""Terminate end event: cancels all else in its own scope, which then ends as if by itself (BPMN page §8)."""

from __future__ import annotations

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    IncidentDeleted,
    SequenceFlowTaken,
    UserTaskCancelled,
)
from tests.unit.domain.commands import complete, fail, lock, start
from tests.unit.domain.given import begins, ends, enters, given, of_instance, of_task, passes, started, working
from tests.unit.domain.models import definition, extensions, external, mapping, node, sub_process, terminates


def test_everything_else_in_the_process_is_cancelled() -> None:
    instance = working(
        definition("start > x; x > a > stop; x > b; x > u", node("task", "x"), node("userTask", "u"), terminates("stop")), 12
    )

    facts = instance.when(complete(12))

    assert facts == [
        *of_task(12, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(12)),
        *enters(24, "a", "stop", branch=12),
        *of_task(16, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(16), UserTaskCancelled(20), ElementTerminated(20), ElementCompleted(24)),
        *ends(),
    ]


def test_tokens_on_their_way_are_cancelled_too() -> None:
    instance = given(definition("start > x; x > stop; x > a", node("task", "x"), terminates("stop")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *passes(8, "start", "x"),
        *of_instance(SequenceFlowTaken(12, "x-stop", 0), SequenceFlowTaken(16, "x-a", 0)),
        *of_instance(ElementActivated(12, "stop", 0), ElementTerminated(16), ElementCompleted(12)),
        *ends(),
    ]


def test_a_sub_process_is_cancelled_from_the_inside() -> None:
    content = sub_process("sub", "start2 > b")
    instance = working(definition("start > x; x > a > stop; x > sub", node("task", "x"), content, terminates("stop")), 12)

    facts = instance.when(complete(12))

    assert facts == [
        *of_task(12, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(12)),
        *enters(28, "a", "stop", branch=12),
        *of_task(24, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(24), ElementTerminated(16), ElementCompleted(28)),
        *ends(),
    ]


def test_a_sub_process_that_terminates_itself_goes_on() -> None:
    content = sub_process("sub", "start2 > x; x > a > stop; x > b", node("task", "x"), terminates("stop"))
    instance = started(definition("start > y; y > sub > end; y > c", node("task", "y"), content))
    a = next(task.key for task in instance.history.open_tasks if task.topic == "a")
    instance.when(lock(a))

    facts = instance.when(complete(a))

    assert facts == [
        *of_task(28, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(28)),
        *enters(36, "a", "stop", scope=12, branch=28),
        *of_task(32, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(32), ElementCompleted(36), ElementCompleted(12)),
        *passes(40, "sub", "end", branch=12),
    ]
    assert instance.open_topics == ["c"]


def test_the_incident_of_a_cancelled_task_is_deleted() -> None:
    instance = started(definition("start > x; x > a > stop; x > b", node("task", "x"), terminates("stop")))
    for key in (12, 16):
        instance.when(lock(key))
    instance.when(fail(16, retries=0))

    facts = instance.when(complete(12))

    assert facts == [
        *of_task(12, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(12)),
        *enters(21, "a", "stop", branch=12),
        *of_instance(IncidentDeleted(20)),
        *of_task(16, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(16), ElementCompleted(21)),
        *ends(),
    ]
    assert not instance.state.incidents


def test_the_outputs_of_a_cancelled_task_are_mapped() -> None:
    cancelled = external("b", extensions(mapping(outputs={"r": "${'cancelled'}"})))
    instance = working(definition("start > x; x > a > stop; x > b", node("task", "x"), cancelled, terminates("stop")), 12)

    instance.when(complete(12))

    assert [value.content for value in instance.variables().values()] == ["cancelled"]
