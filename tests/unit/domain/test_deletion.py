"""Deleting a running process instance: everything in it is cancelled, the inside first."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementTerminated,
    ExternalTaskCancelled,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    UserTaskCancelled,
)
from tests.unit.domain.commands import complete, delete, lock, suspend
from tests.unit.domain.given import of_instance, of_task, started
from tests.unit.domain.models import definition, node, sub_process


@pytest.mark.parametrize("reason", ["no longer needed", "", None])
def test_an_instance_is_deleted_for_a_reason(reason: str | None) -> None:
    instance = started(definition("start > a"))

    facts = instance.when(delete(reason))

    assert facts == [
        *of_instance(ProcessInstanceDeleted(reason)),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(8), ProcessInstanceEnded("EXTERNALLY_TERMINATED")),
    ]
    assert instance.state.ended == "EXTERNALLY_TERMINATED"


def test_everything_is_cancelled_in_the_order_of_its_creation_and_from_the_inside_out() -> None:
    content = sub_process("sub", "start2 > b")
    flows = "start > fork; fork > sub; fork > u; fork > c > join; fork > d > join"
    gateways = node("parallelGateway", "fork"), node("parallelGateway", "join")
    instance = started(definition(flows, *gateways, node("userTask", "u"), content))
    key = {task.topic: task.key for task in instance.history.open_tasks}
    instance.when(lock(key["c"]))
    instance.when(complete(key["c"]))
    (join,) = (element.key for element in instance.state.elements if element.element_id == "join")

    facts = instance.when(delete())

    assert facts == [
        *of_instance(ProcessInstanceDeleted()),
        *of_task(key["b"], ExternalTaskCancelled()),
        *of_instance(ElementTerminated(key["b"]), ElementTerminated(12), UserTaskCancelled(16), ElementTerminated(16)),
        *of_task(key["d"], ExternalTaskCancelled()),
        *of_instance(ElementTerminated(key["d"]), ElementTerminated(join), ProcessInstanceEnded("EXTERNALLY_TERMINATED")),
    ]
    assert (len(instance.state.tokens), len(instance.state.children), len(instance.state.places)) == (0, 0, 0)


def test_a_suspended_instance_can_be_deleted() -> None:
    instance = started(definition("start > a"))
    instance.when(suspend())

    instance.when(delete())

    assert instance.state.ended == "EXTERNALLY_TERMINATED"
