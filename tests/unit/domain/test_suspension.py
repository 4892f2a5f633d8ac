"""Suspending and resuming a process instance."""

from __future__ import annotations

from domain.facts import ProcessInstanceResumed, ProcessInstanceSuspended, VariablesModified, VariablesSet
from tests.unit.domain.commands import complete, modify, resume, suspend
from tests.unit.domain.given import of_instance, started, values, working
from tests.unit.domain.models import definition


def test_a_running_instance_is_suspended() -> None:
    instance = started(definition("start > a"))

    facts = instance.when(suspend())

    assert facts == of_instance(ProcessInstanceSuspended())
    assert instance.state.suspended


def test_a_suspended_instance_is_resumed_and_goes_on() -> None:
    instance = working(definition("start > a > b"))
    instance.when(suspend())

    facts = instance.when(resume())
    instance.when(complete(8))

    assert facts == of_instance(ProcessInstanceResumed())
    assert (instance.state.suspended, instance.open_topics) == (False, ["b"])


def test_nothing_happens_to_an_instance_that_is_so_already() -> None:
    instance = started(definition("start > a"))

    resumed = instance.when(resume())
    instance.when(suspend())
    suspended = instance.when(suspend())

    assert (resumed, suspended) == ([], [])


def test_the_variables_of_a_suspended_instance_can_be_changed() -> None:
    instance = started(definition("start > a"))
    instance.when(suspend())

    facts = instance.when(modify(n=1))

    assert facts == of_instance(VariablesModified(0, values(n=1)), VariablesSet(0, values(n=1)))
