"""Decisions that move the tokens of an instance by hand, or begin one elsewhere than at its start event (REST contract §10.3, §10.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from domain.deciding.whereabouts import invalid, named, place_of, target_of, tokens_to_cancel
from domain.decision import Decision
from domain.elements import Element, ProcessDefinition, SequenceFlow
from domain.facts import ProcessInstanceEnded, ProcessInstanceModified
from domain.flow import begin, cancel, put_token, take
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
from domain.refusals import ExecutionFailed, Suspended
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
        elif named(decision.definition, instruction) is None:
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


def _refuse_unknown(decision: Decision, instruction: Instruction) -> None:
    """All names are looked at before anything moves."""
    if not isinstance(instruction, StartInstruction) or named(decision.definition, instruction) is not None:
        return
    if isinstance(instruction, StartAfter):
        raise invalid(instruction, f"Activity '{instruction.element_id}' does not exist: activity is null")
    name = instruction.flow_id if isinstance(instruction, StartOnFlow) else instruction.element_id
    raise invalid(instruction, f"Element '{name}' does not exist in process '{decision.definition.id}': element is null")


def _start(decision: Decision, instruction: StartInstruction) -> None:
    state = decision.state
    if state.suspended:
        execution = state.part(state.next_key + CONCURRENT_EXECUTION)
        raise Suspended(f"ENGINE-03043 Execution with id '{execution}' is suspended.")
    for variables in (instruction.variables, instruction.local_variables):
        refuse_java_serialization(variables)
    target = target_of(decision.definition, instruction)
    around = target if isinstance(target, Element) else decision.definition.elements[target.source]
    scope, missing = place_of(decision, instruction, around)
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


def _cancel(decision: Decision, instruction: CancelElement | CancelInstance | CancelTransition) -> None:
    for key in tokens_to_cancel(decision, instruction):
        if key in decision.state.tokens:
            _cancel_with_empty_scopes(decision, key)


def _cancel_with_empty_scopes(decision: Decision, key: int) -> None:
    """Cancel a token, and the sub-processes around it in which nothing is left."""
    scope = decision.state.tokens[key].scope
    cancel(decision, key)
    while scope and not decision.state.children.get(scope):
        emptied, scope = scope, decision.state.tokens[scope].scope
        cancel(decision, emptied)
