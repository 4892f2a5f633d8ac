"""From what a batch does and one of its items to the command that does it."""

from __future__ import annotations

from typing import assert_never

from domain.commands import DeleteProcessInstance, InstanceCommand, ModifyVariables, SuspendProcessInstance
from domain.event_commands import CorrelateMessage
from domain.modification_commands import ModifyProcessInstance
from domain.operations import (
    CorrelateToInstances,
    DeleteInstances,
    ModifyInstances,
    SetVariablesOfInstances,
    SuspendInstances,
)
from domain.refusals import Rejected


def instance_command(
    operation: DeleteInstances | SuspendInstances | SetVariablesOfInstances | ModifyInstances, item: str
) -> InstanceCommand:
    """The command about an instance whose id is the item."""
    match operation:
        case DeleteInstances(reason, skip_io_mappings):
            return DeleteProcessInstance(item, reason, skip_io_mappings)
        case SuspendInstances(suspended):
            return SuspendProcessInstance(item, suspended)
        case SetVariablesOfInstances(variables):
            return ModifyVariables(item, variables)
        case ModifyInstances(instructions, skip_io_mappings, annotation):
            return ModifyProcessInstance(item, instructions, skip_io_mappings, annotation)
        case _:
            assert_never(operation)


def message_of(operation: CorrelateToInstances, item: str) -> CorrelateMessage:
    """The message to the instance whose id is the item."""
    return CorrelateMessage(name=operation.message, instance_id=item, variables=operation.variables, all=True, executions_only=True)


def refuse_negative(retries: int) -> None:
    if retries < 0:
        raise Rejected("The number of retries cannot be negative: retries is not greater than or equal to 0")
