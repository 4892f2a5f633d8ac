"""Facts on the wire, and instances as they stood."""

from __future__ import annotations

import pytest

from api.rest.facts import FactDto, workers_of, write_fact
from api.rest.gesta import until
from api.rest.instance_states import InstanceStateDto, write_state
from domain.facts import (
    FACTS,
    DeploymentCreated,
    ElementActivated,
    ElementCompleted,
    Envelope,
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExpired,
    ExternalTaskLockExtended,
    ExternalTaskUnlocked,
    Fact,
    IncidentRaised,
    JobCreated,
    JobFailed,
    ProcessInstanceStarted,
    Recorded,
    Resource,
    SequenceFlowTaken,
    SubscriptionOpened,
    TokenHeld,
    VariablesSet,
)
from domain.ids import part_id
from domain.values import Value

INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
TASK = part_id(INSTANCE, 10)


COMMAND = "0193f000-0000-7abc-8abc-def000000001"


def recorded(stream: str, version: int, at: int, fact: Fact, position: int, command: str = COMMAND, actor: str | None = None) -> Recorded:
    return Recorded(stream, version, Envelope(at, command, actor), fact, position)


STORY = [
    recorded(INSTANCE, 1, 1000, ProcessInstanceStarted("p:1:x", "bk", {"a": Value("Integer", 1)}), 5),
    recorded(INSTANCE, 2, 1000, SequenceFlowTaken(4, "f", 0), 6),
    recorded(INSTANCE, 3, 1000, ElementActivated(8, "work", 0), 7),
    recorded(TASK, 1, 1000, ExternalTaskCreated(8, "work", "p:1:x", "t"), 8),
    recorded(INSTANCE, 4, 1000, VariablesSet(8, {"b": Value("String", "x")}), 9),
    recorded(TASK, 2, 2000, ExternalTaskLocked("w", 500, 2500), 12),
    recorded(TASK, 3, 3000, ExternalTaskFailed("w", "boom", None, 0), 13),
    recorded(INSTANCE, 5, 3000, IncidentRaised(12, "failedExternalTask", 8, "work", "p:1:x", TASK, "boom"), 14),
]


def test_a_fact_says_all_that_is_recorded() -> None:
    written = write_fact(STORY[5], {})
    assert FactDto.model_validate(written).cause
    assert (written["position"], written["stream"], written["version"], written["fact"]) == (12, TASK, 2, "ExternalTaskLocked")
    assert written["data"]["workerId"] == "w"
    assert written["data"]["lockDuration"] == 500
    assert written["data"]["lockUntil"].startswith("1970-01-01T")


def test_values_in_facts_are_written_as_variables() -> None:
    assert write_fact(STORY[0], {})["data"]["variables"] == {"a": {"type": "Integer", "value": 1, "valueInfo": {}}}


def test_structures_in_facts_are_written_by_name() -> None:
    fact = DeploymentCreated("n", None, None, (Resource(1, "a.bpmn", b"\xab\x01"),))
    data = write_fact(recorded(INSTANCE, 1, 0, fact, 1), {})["data"]
    assert data["resources"] == [{"ordinal": 1, "name": "a.bpmn", "sha256": "ab01"}]


def actors(*records: Recorded) -> list[str | None]:
    """Who did what, as the facts say it on the wire."""
    workers = workers_of(records)
    return [write_fact(record, workers)["actor"] for record in records]


def test_the_actor_of_a_workers_command_is_the_worker_for_its_consequences_too() -> None:
    started = recorded(INSTANCE, 1, 0, ProcessInstanceStarted("p:1:x"), 1, "start")
    expired = recorded(TASK, 2, 5, ExternalTaskLockExpired(), 2, "lock")
    locked = recorded(TASK, 3, 5, ExternalTaskLocked("anna", 500, 505), 3, "lock")
    completed = recorded(TASK, 4, 6, ExternalTaskCompleted("bert"), 4, "complete")
    left = recorded(INSTANCE, 2, 6, ElementCompleted(8), 5, "complete")
    unlocked = recorded(TASK, 5, 7, ExternalTaskUnlocked(), 6, "unlock")

    found = actors(started, expired, locked, completed, left, unlocked)

    assert found == [None, "anna", "anna", "bert", "bert", None]


REPORTS = [
    ExternalTaskLocked("anna", 500, 505),
    ExternalTaskLockExtended("anna", 500, 505),
    ExternalTaskCompleted("anna"),
    ExternalTaskFailed("anna"),
    ExternalTaskBpmnErrorRaised("anna", "E"),
]


@pytest.mark.parametrize("fact", REPORTS)
def test_whatever_a_worker_reports_is_its_own(fact: Fact) -> None:
    assert actors(recorded(TASK, 2, 0, fact, 1)) == ["anna"]


def test_no_fact_that_names_a_worker_is_forgotten() -> None:
    naming = {name for name, fact in FACTS.items() if "worker_id" in fact.__struct_fields__}

    assert {type(fact).__name__ for fact in REPORTS} == naming


def test_whoever_sent_the_command_comes_before_the_worker() -> None:
    assert actors(recorded(TASK, 2, 0, ExternalTaskCompleted("anna"), 1, actor="mary")) == ["mary"]


def test_facts_up_to_a_position_or_an_instant() -> None:
    assert until(STORY, 8, None) == STORY[:4]
    assert until(STORY, None, 2000) == STORY[:6]
    assert until(STORY, None, 999) == []
    assert until(STORY, None, None) is STORY


def test_an_instance_as_it_stood_while_its_task_was_locked() -> None:
    written = write_state(STORY[:6], 2400)
    state = InstanceStateDto.model_validate(written)
    assert (state.state, state.position, state.business_key) == ("ACTIVE", 12, "bk")
    assert [(token.activity_id, token.flow_id) for token in state.tokens] == [(None, "f"), ("work", None)]
    assert [(task.id, task.worker_id, task.locked) for task in state.external_tasks] == [(TASK, "w", True)]
    assert [(v.execution_id, v.name, v.value) for v in state.variables] == [(INSTANCE, "a", 1), (part_id(INSTANCE, 9), "b", "x")]
    assert state.incidents == []


def test_a_lock_is_looked_at_as_of_the_moment() -> None:
    assert write_state(STORY[:6], 2500)["externalTasks"][0]["locked"] is False


def test_an_incident_is_part_of_the_state() -> None:
    (incident,) = write_state(STORY, 3000)["incidents"]
    assert (incident["configuration"], incident["incidentMessage"], incident["activityId"]) == (TASK, "boom", "work")


def test_what_is_waited_for_is_part_of_the_state() -> None:
    waits = [
        recorded(INSTANCE, 5, 4000, SubscriptionOpened(16, "message", "paid", "caught", 8, "p:1:x"), 15),
        recorded(INSTANCE, 6, 4000, TokenHeld(20, "sum", 0), 16),
        recorded(INSTANCE, 7, 4000, JobCreated(24, "async-before", "sum", "p:1:x", 20, 23), 17),
        recorded(INSTANCE, 8, 5000, JobFailed(24, "boom", "sum", 2, 9000), 18),
    ]

    state = InstanceStateDto.model_validate(write_state([*STORY[:5], *waits], 5000))

    (subscription,), (job,) = state.event_subscriptions, state.jobs
    assert (subscription.event_name, subscription.activity_id, subscription.execution_id) == ("paid", "caught", part_id(INSTANCE, 9))
    assert (job.kind, job.activity_id, job.retries, job.exception_message) == ("async-before", "sum", 2, "boom")
    assert job.due_date is not None and job.due_date.startswith("1970-01-01T")
    assert [(token.activity_id, token.flow_id) for token in state.tokens][-1] == ("sum", None)
