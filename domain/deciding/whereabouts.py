"""Which places of an instance instructions mean: scopes and elements that tokens are put to, and tokens that are cancelled."""

from __future__ import annotations

from typing import assert_never

from domain.decision import Decision
from domain.elements import Element, ProcessDefinition, SequenceFlow
from domain.executions import execution_of
from domain.ids import is_id, ordinal_of
from domain.instructions import (
    CancelElement,
    CancelInstance,
    CancelTransition,
    Instruction,
    StartAfter,
    StartBefore,
    StartInstruction,
    StartOnFlow,
)
from domain.refusals import ExecutionFailed, NotValid, Refusal


def named(definition: ProcessDefinition, instruction: StartInstruction) -> Element | SequenceFlow | None:
    """The element or flow that an instruction names."""
    if isinstance(instruction, StartOnFlow):
        return definition.flows.get(instruction.flow_id)
    return definition.elements.get(instruction.element_id)


def target_of(definition: ProcessDefinition, instruction: StartInstruction) -> Element | SequenceFlow:
    """Where a token is put: before an element, or on a flow."""
    found = named(definition, instruction)
    assert found is not None
    if not isinstance(instruction, StartAfter):
        return found
    assert isinstance(found, Element)
    if len(found.outgoing) != 1:
        why = "more than one outgoing sequence flow" if found.outgoing else "no outgoing sequence flow to take"
        raise ExecutionFailed(f"Cannot start after activity {found.id}; activity has {why}")
    return found.outgoing[0]


def place_of(decision: Decision, instruction: StartInstruction, element: Element) -> tuple[int, list[Element]]:
    """The scope that a token goes to as far as it is there, and the sub-processes that have to be begun in it, outermost first."""
    missing: list[Element] = []
    ancestor = _ancestor(decision, instruction)
    around = element.scope
    while around is not None:
        if ancestor is None:
            active = _instances(decision, around)
            if len(active) > 1:
                raise ExecutionFailed(f"Ancestor activity execution is ambiguous for activity Activity({around})")
            if active:
                return active[0], missing
        elif ancestor and decision.element(ancestor).id == around:
            return ancestor, missing
        missing.insert(0, decision.definition.elements[around])
        around = missing[0].scope
    if ancestor:
        why = f"Scope execution for '{instruction.ancestor}' cannot be found in parent hierarchy of flow element '{element.id}'"
        raise invalid(instruction, why)
    return 0, missing


def _ancestor(decision: Decision, instruction: StartInstruction) -> int | None:
    """The key of the activity instance that an instruction names; 0 is the process itself. A new instance has none yet."""
    if instruction.ancestor is None or not decision.state.version > 1:
        return None
    key = _key_of(decision, instruction.ancestor)
    if key is None:
        why = f"Ancestor activity instance '{instruction.ancestor}' does not exist: ancestorInstance is null"
        raise invalid(instruction, why)
    return key


def _key_of(decision: Decision, activity_instance_id: str) -> int | None:
    """The key of an active element instance, given as `element:id`, or 0 for the id of the process instance."""
    element_id, _, id = activity_instance_id.rpartition(":")
    state = decision.state
    if not is_id(id) or state.part(ordinal_of(id)) != id:
        return None
    key = ordinal_of(id)
    if not element_id:
        return 0 if key == 0 else None
    return key if state.is_waiting(key) and state.tokens[key].element_id == element_id else None


def _instances(decision: Decision, element_id: str) -> list[int]:
    """The active instances of an element, oldest first."""
    tokens = decision.state.tokens
    return sorted(key for key, token in tokens.items() if token.element_id == element_id and token.flow_id is None)


def _held(decision: Decision, element_id: str | None = None) -> list[int]:
    """The tokens that wait for a job at the border of an element, or of any."""
    state = decision.state
    jobs = [job for _, job in sorted(state.jobs.items()) if element_id in (None, job.element_id)]
    return [job.holder for job in jobs if job.holder is not None and state.is_in_transition(job.holder)]


def tokens_to_cancel(decision: Decision, instruction: CancelElement | CancelInstance | CancelTransition) -> list[int]:
    """The tokens that an instruction means."""
    match instruction:
        case CancelElement(element_id):
            return [*_instances(decision, element_id), *_held(decision, element_id)]
        case CancelInstance(id):
            key = _key_of(decision, id)
            if key is None:
                raise invalid(instruction, f"Activity instance '{id}' does not exist: activityInstance is null")
            return [key] if key else decision.state.tokens_in(0)
        case CancelTransition(id):
            held = [key for key in _held(decision) if decision.state.part(_execution_of(decision, key)) == id]
            if not held:
                raise invalid(instruction, f"Transition instance '{id}' does not exist: transitionInstance is null")
            return held
        case _:
            assert_never(instruction)


def _execution_of(decision: Decision, key: int) -> int:
    return execution_of(decision.state.tokens[key], decision.state.is_beside_others(key))


def invalid(instruction: Instruction, why: str) -> Refusal:
    return NotValid(f"Cannot perform instruction: {_described(instruction)}; {why}")


def _described(instruction: Instruction) -> str:
    match instruction:
        case StartBefore(element_id, ancestor):
            return f"Start before activity '{element_id}'{_below(ancestor)}"
        case StartAfter(element_id, ancestor):
            return f"Start after activity '{element_id}'{_below(ancestor)}"
        case StartOnFlow(flow_id, ancestor):
            return f"Start transition '{flow_id}'{_below(ancestor)}"
        case CancelElement(element_id):
            return f"Cancel all instances of activity '{element_id}'"
        case CancelInstance(id):
            return f"Cancel activity instance '{id}'"
        case CancelTransition(id):
            return f"Cancel transition instance '{id}'"
        case _:
            assert_never(instruction)


def _below(ancestor: str | None) -> str:
    return "" if ancestor is None else f" with ancestor activity instance '{ancestor}'"
