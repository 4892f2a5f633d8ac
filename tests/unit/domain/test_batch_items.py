"""What a batch does to an item is an ordinary command."""

from __future__ import annotations

import pytest

from domain.batch_items import instance_command, message_of, refuse_negative
from domain.commands import DeleteProcessInstance, InstanceCommand, ModifyVariables, SuspendProcessInstance
from domain.event_commands import CorrelateMessage
from domain.instructions import CancelElement
from domain.modification_commands import ModifyProcessInstance
from domain.operations import (
    CorrelateToInstances,
    DeleteInstances,
    ModifyInstances,
    SetRetriesOfJobs,
    SetRetriesOfTasks,
    SetVariablesOfInstances,
    SuspendInstances,
    type_of,
)
from domain.refusals import Rejected
from tests.unit.domain.given import values

VARIABLES = values(n=1)
CANCEL = (CancelElement("a"),)


@pytest.mark.parametrize(
    ("operation", "command"),
    [
        (DeleteInstances("because", True), DeleteProcessInstance("i", "because", True)),
        (SuspendInstances(True), SuspendProcessInstance("i", True)),
        (SetVariablesOfInstances(VARIABLES), ModifyVariables("i", VARIABLES)),
        (ModifyInstances(CANCEL, True, "why"), ModifyProcessInstance("i", CANCEL, True, "why")),
    ],
)
def test_an_operation_on_instances_is_a_command_about_each(
    operation: DeleteInstances | SuspendInstances | SetVariablesOfInstances | ModifyInstances, command: InstanceCommand
) -> None:
    assert instance_command(operation, "i") == command


def test_a_message_reaches_the_executions_of_the_instance_alone() -> None:
    message = message_of(CorrelateToInstances("paid", VARIABLES), "i")

    assert message == CorrelateMessage(name="paid", instance_id="i", variables=VARIABLES, all=True, executions_only=True)


def test_negative_retries_are_refused() -> None:
    refuse_negative(0)

    with pytest.raises(Rejected, match="retries is not greater than or equal to 0"):
        refuse_negative(-1)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (SetRetriesOfTasks(1), "set-external-task-retries"),
        (SetRetriesOfJobs(1), "set-job-retries"),
        (DeleteInstances(), "instance-deletion"),
        (SuspendInstances(True), "instance-update-suspension-state"),
        (SetVariablesOfInstances({}), "set-variables"),
        (CorrelateToInstances("m"), "correlate-message"),
        (ModifyInstances(()), "instance-modification"),
    ],
)
def test_batches_have_camundas_types(operation: SetRetriesOfTasks, name: str) -> None:
    assert type_of(operation) == name
