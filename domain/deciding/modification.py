"""Decisions that move the tokens of an instance by hand, or begin one elsewhere than at its start event (REST contract §10.3, §10.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from domain.decision import Decision
from domain.elements import Element, ProcessDefinition, SequenceFlow
from domain.facts import ProcessInstanceEnded, ProcessInstanceModified
from domain.flow import begin, cancel, put_token, take
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
from domain.modification_commands import ModifyProcessInstance
from domain.refusals import ExecutionFailed, NotValid, Refusal, Suspended
from domain.state import CONCURRENT_EXECUTION
from domain.variables import refuse_java_serialization, set_local, set_variables


def modify(decision: Decision, command: ModifyProcessInstance) -> None:
    """Carry out all instructions, each up to the next wait states. An instance in which nothing is left ends."""
    decision.skip_io_mappings = command.skip_io_mappings
    decision.record(ProcessInstanceModified(command.instructions, command.skip_io_mappings, command.annotation))
    for instruction in command.instructions:
        _refuse_unknown(decision, instruction)
    _carry_out(decision, command.instructions)
    if not decision.state.children.get(0):
        decision.record(ProcessInstanceEnded("COMPLETED" if decision.ran_out else "EXTERNALLY_TERMINATED"))


def begin_at(decision: Decision, instructions: Sequence[StartInstruction]) -> None:
    """Begin an instance where the instructions say, in place of its start event."""
    for instruction in instructions:
        if isinstance(instruction, StartAfter):
            _refuse_unknown(decision, instruction)
        elif _named(decision.definition, instruction) is None:
            name = instruction.flow_id if isinstance(instruction, StartOnFlow) else instruction.element_id
            raise ExecutionFailed(f"Element '{name}' does not exist in process {decision.definition.id}: targetElement is null")
    _carry_out(decision, instructions)
    if not decision.state.children.get(0):
        decision.record(ProcessInstanceEnded("COMPLETED"))


def first_element(definition: ProcessDefinition, instruction: StartInstruction) -> str | None:
    """The id of the element that an instruction begins with."""
    match instruction:
        case StartBefore(element_id):
            return element_id
        case StartAfter(element_id):
            outgoing = definition.elements[element_id].outgoing
            return outgoing[0].target if outgoing else None
        case StartOnFlow(flow_id):
            return definition.flows[flow_id].target
        case _:
            assert_never(instruction)


def _carry_out(decision: Decision, instructions: Iterable[Instruction]) -> None:
    decision.stays_open = True
    for instruction in instructions:
        decision.ran_out = False
        if isinstance(instruction, StartInstruction):
            _start(decision, instruction)
        else:
            _cancel(decision, instruction)
        decision.settle()
    decision.stays_open = False


def _named(definition: ProcessDefinition, instruction: StartInstruction) -> Element | SequenceFlow | None:
    """The element or flow that an instruction names."""
    if isinstance(instruction, StartOnFlow):
        return definition.flows.get(instruction.flow_id)
    return definition.elements.get(instruction.element_id)


def _refuse_unknown(decision: Decision, instruction: Instruction) -> None:
    """All names are looked at before anything moves."""
    if not isinstance(instruction, StartInstruction) or _named(decision.definition, instruction) is not None:
        return
    if isinstance(instruction, StartAfter):
        raise _invalid(instruction, f"Activity '{instruction.element_id}' does not exist: activity is null")
    name = instruction.flow_id if isinstance(instruction, StartOnFlow) else instruction.element_id
    raise _invalid(instruction, f"Element '{name}' does not exist in process '{decision.definition.id}': element is null")


def _invalid(instruction: Instruction, why: str) -> Refusal:
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


def _start(decision: Decision, instruction: StartInstruction) -> None:
    state = decision.state
    if state.suspended:
        execution = state.part(state.next_key + CONCURRENT_EXECUTION)
        raise Suspended(f"ENGINE-03043 Execution with id '{execution}' is suspended.")
    for variables in (instruction.variables, instruction.local_variables):
        refuse_java_serialization(variables)
    target = _target(decision.definition, instruction)
    around = target if isinstance(target, Element) else decision.definition.elements[target.source]
    scope, missing = _place(decision, instruction, around)
    set_variables(decision, scope, instruction.variables)
    for sub_process in missing:
        key = decision.state.next_key
        begin(decision, sub_process, key, scope)
        scope = key
    beside_others = bool(decision.state.children.get(scope))
    set_local(decision, decision.state.next_key if beside_others else scope, instruction.local_variables)
    _put(decision, target, scope)


def _put(decision: Decision, target: Element | SequenceFlow, scope: int) -> None:
    if isinstance(target, SequenceFlow):
        decision.later(*(("arrive", key) for key in take(decision, [target], scope, 0)))
    else:
        put_token(decision, target, scope)


def _target(definition: ProcessDefinition, instruction: StartInstruction) -> Element | SequenceFlow:
    """Where a token is put: before an element, or on a flow."""
    named = _named(definition, instruction)
    assert named is not None
    if not isinstance(instruction, StartAfter):
        return named
    assert isinstance(named, Element)
    if len(named.outgoing) != 1:
        why = "more than one outgoing sequence flow" if named.outgoing else "no outgoing sequence flow to take"
        raise ExecutionFailed(f"Cannot start after activity {named.id}; activity has {why}")
    return named.outgoing[0]


def _place(decision: Decision, instruction: StartInstruction, element: Element) -> tuple[int, list[Element]]:
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
        raise _invalid(instruction, why)
    return 0, missing


def _ancestor(decision: Decision, instruction: StartInstruction) -> int | None:
    """The key of the activity instance that an instruction names; 0 is the process itself. A new instance has none yet."""
    if instruction.ancestor is None or not decision.state.version > 1:
        return None
    key = _key_of(decision, instruction.ancestor)
    if key is None:
        why = f"Ancestor activity instance '{instruction.ancestor}' does not exist: ancestorInstance is null"
        raise _invalid(instruction, why)
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


def _cancel(decision: Decision, instruction: CancelElement | CancelInstance | CancelTransition) -> None:
    for key in _cancelled(decision, instruction):
        if key in decision.state.tokens:
            _cancel_with_empty_scopes(decision, key)


def _cancelled(decision: Decision, instruction: CancelElement | CancelInstance | CancelTransition) -> list[int]:
    """The tokens that an instruction means."""
    match instruction:
        case CancelElement(element_id):
            return [*_instances(decision, element_id), *_held(decision, element_id)]
        case CancelInstance(id):
            key = _key_of(decision, id)
            if key is None:
                raise _invalid(instruction, f"Activity instance '{id}' does not exist: activityInstance is null")
            return [key] if key else decision.state.tokens_in(0)
        case CancelTransition(id):
            held = [key for key in _held(decision) if decision.state.part(decision.state.execution_beside(key)) == id]
            if not held:
                raise _invalid(instruction, f"Transition instance '{id}' does not exist: transitionInstance is null")
            return held
        case _:
            assert_never(instruction)


def _cancel_with_empty_scopes(decision: Decision, key: int) -> None:
    """Cancel a token, and the sub-processes around it in which nothing is left."""
    scope = decision.state.tokens[key].scope
    cancel(decision, key)
    while scope and not decision.state.children.get(scope):
        emptied, scope = scope, decision.state.tokens[scope].scope
        cancel(decision, emptied)
