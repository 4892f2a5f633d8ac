"""Outputs are mapped, too, when an activity is cancelled or left by an error (BPMN page §4)."""

from __future__ import annotations

from domain.facts import (
    ElementTerminated,
    ErrorThrown,
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    VariablesSet,
)
from domain.refusals import ExecutionFailed
from tests.unit.domain.commands import bpmn_error, delete
from tests.unit.domain.given import GHOST, Refused, long, of_instance, of_task, started, working
from tests.unit.domain.models import Xml, catches_error, definition, extensions, external, mapping, sub_process


def a(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> Xml:
    return external("a", extensions(mapping(inputs, outputs)))


def test_a_bpmn_error_maps_the_outputs() -> None:
    instance = working(definition("start > a > end", a({"x": "${1}"}, {"r": "${x}"}), catches_error("caught", "a")))

    facts = instance.when(bpmn_error(8))

    assert facts[:4] == [
        *of_task(8, ExternalTaskBpmnErrorRaised("w", "E")),
        *of_instance(ErrorThrown(8, "E", None, "caught"), VariablesSet(0, {"r": long(1)}), ElementTerminated(8)),
    ]


def test_deleting_the_instance_maps_the_outputs_from_the_inside_out() -> None:
    content = sub_process("sub", "start2 > a", a(outputs={"x": "${1}"}), inner=extensions(mapping({"x": "${0}"}, {"r": "${x + 1}"})))
    instance = started(definition("start > sub", content))

    facts = instance.when(delete())

    assert facts == [
        *of_instance(ProcessInstanceDeleted()),
        *of_task(16, ExternalTaskCancelled()),
        *of_instance(VariablesSet(8, {"x": long(1)}), ElementTerminated(16)),
        *of_instance(VariablesSet(0, {"r": long(2)}), ElementTerminated(8), ProcessInstanceEnded("EXTERNALLY_TERMINATED")),
    ]


def test_deleting_the_instance_may_skip_the_outputs() -> None:
    instance = working(definition("start > a > end", a(outputs={"r": "${ghost}"})))

    facts = instance.when(delete(skip_io_mappings=True))

    assert facts == [
        *of_instance(ProcessInstanceDeleted(None, True)),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(8), ProcessInstanceEnded("EXTERNALLY_TERMINATED")),
    ]


def test_outputs_that_fail_keep_the_instance_from_being_deleted() -> None:
    instance = working(definition("start > a > end", a(outputs={"r": "${ghost}"})))

    refusal = instance.refusal(delete())

    assert refusal == Refused(ExecutionFailed, GHOST, "ProcessEngineException")
    assert instance.state.ended is None
