"""Incidents that somebody creates at an execution, and resolves (REST contract §10.5, §7.1)."""

from __future__ import annotations

from domain.facts import (
    ElementCompleted,
    IncidentDeleted,
    IncidentDismissed,
    IncidentRaised,
    IncidentReported,
    IncidentResolved,
    UserTaskCompleted,
)
from domain.ids import part_id
from domain.refusals import NotFound, Rejected
from tests.unit.domain.commands import complete_user_task, create_incident, fail, lock, resolve_incident
from tests.unit.domain.given import DEFINITION, INSTANCE, Refused, of_instance, started
from tests.unit.domain.models import definition, node

USER = definition("start > u > end", node("userTask", "u"))
RAISED = IncidentRaised(12, "custom", 8, "u", DEFINITION, None, "by hand", None, 12, 9)


def test_an_incident_is_created_at_an_execution() -> None:
    instance = started(USER)

    facts = instance.when(create_incident(9, None, "by hand"))

    assert facts == of_instance(IncidentReported(9, "custom", None, "by hand"), RAISED)


def test_an_execution_may_have_several() -> None:
    instance = started(USER)
    instance.when(create_incident(9))
    instance.when(create_incident(9))

    assert sorted(instance.state.incidents) == [12, 13]


def test_it_is_resolved_by_hand() -> None:
    instance = started(USER)
    instance.when(create_incident(9))

    assert instance.when(resolve_incident(12)) == of_instance(IncidentDismissed(12), IncidentResolved(12))
    assert not instance.state.incidents


def test_it_goes_with_what_it_is_about() -> None:
    instance = started(USER)
    instance.when(create_incident(9))

    facts = instance.when(complete_user_task(8))

    assert facts[:3] == of_instance(UserTaskCompleted(8), IncidentDeleted(12), ElementCompleted(8))


def test_an_execution_that_is_nowhere() -> None:
    why = f"Cannot find an execution with executionId '{part_id(INSTANCE, 77)}': execution is null"
    assert started(USER).refusal(create_incident(77)) == Refused(Rejected, why)


def test_only_what_was_created_by_hand_can_be_resolved_by_hand() -> None:
    instance = started(definition("start > a"))
    instance.when(lock(8))
    instance.when(fail(8))
    (failed,) = instance.state.incidents

    refusal = instance.refusal(resolve_incident(failed))

    assert (refusal.by, refusal.message) == (Rejected, "Cannot resolve an incident of type failedExternalTask")
    assert instance.refusal(resolve_incident(99)).by is NotFound
