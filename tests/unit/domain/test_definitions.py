"""Process definitions after their deployment: suspension, time to live, deletion."""

from __future__ import annotations

import pytest

from domain.deciding.definition import (
    DeployedDefinition,
    delete,
    is_suspended,
    set_time_to_live,
    suspend,
    suspend_job_definitions,
    suspend_start_timers,
    unknown_definition,
)
from domain.facts import (
    HistoryTimeToLiveSet,
    JobCreated,
    JobDefinitionsSuspended,
    JobSuspensionSet,
    ProcessDefinitionDeleted,
    ProcessDefinitionResumed,
    ProcessDefinitionSuspended,
)
from domain.lone_job import LoneJob
from domain.refusals import ExecutionFailed
from domain.state import TIMER, Job
from tests.unit.domain.given import NOW

TIMERS = [LoneJob(id, JobCreated(0, TIMER, "start", "order:1:x"), Job(0, TIMER, "start", None, NOW)) for id in ("t1", "t2")]


@pytest.mark.parametrize(("cascade", "running"), [(True, 0), (True, 7), (False, 0)])
def test_definitions_are_deleted(cascade: bool, running: int) -> None:
    facts = delete([DeployedDefinition("order:1:x", running), DeployedDefinition("invoice:1:y", 0)], cascade)

    assert facts == [("x", ProcessDefinitionDeleted("order:1:x", cascade)), ("y", ProcessDefinitionDeleted("invoice:1:y", cascade))]


def test_a_definition_with_running_instances_is_not_deleted_without_cascade() -> None:
    definitions = [DeployedDefinition("order:1:x", 0), DeployedDefinition("invoice:1:y", 7)]

    with pytest.raises(ExecutionFailed) as refused:
        delete(definitions, cascade=False)

    assert refused.value.message == (
        "ENGINE-03076 Deletion of process definition without cascading failed. "
        "Process definition with id: invoice:1:y can't be deleted, because there are 7 dependent process instances."
    )


@pytest.mark.parametrize(("suspended", "kind"), [(True, ProcessDefinitionSuspended), (False, ProcessDefinitionResumed)])
def test_each_definition_is_suspended_or_resumed(
    suspended: bool, kind: type[ProcessDefinitionSuspended] | type[ProcessDefinitionResumed]
) -> None:
    facts = suspend(["order:1:x", "order:2:y"], suspended, include_instances=True)

    assert facts == [("x", kind("order:1:x", True)), ("y", kind("order:2:y", True))]


def test_job_definitions_are_suspended_together() -> None:
    assert suspend_job_definitions("stream", ["a", "b"], True, False) == [("stream", JobDefinitionsSuspended(("a", "b"), True, False))]
    assert suspend_job_definitions("stream", [], True, False) == []


def test_start_timers_are_suspended_one_by_one() -> None:
    assert suspend_start_timers(TIMERS, True, NOW) == [("t1", JobSuspensionSet(0, True)), ("t2", JobSuspensionSet(0, True))]


def test_a_definition_is_told_how_long_history_keeps_its_instances() -> None:
    assert set_time_to_live("order:1:x", 30) == [("x", HistoryTimeToLiveSet("order:1:x", 30))]


def test_what_is_not_there_or_suspended_is_named() -> None:
    assert unknown_definition("order:1:x").message == "No process definition found with id 'order:1:x': processDefinition is null"
    assert is_suspended("order:1:x").message == "ENGINE-03043 Process Definition with id 'order:1:x' is suspended."
