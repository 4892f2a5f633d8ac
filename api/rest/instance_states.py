"""A process instance as it stood at some fact: folded from its facts, so that any moment can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.rest.dates import format_date, format_optional_date
from api.rest.json_body import JsonAnswer
from api.rest.variables import write_variable
from domain.external_task import ExternalTaskState
from domain.facts import Recorded
from domain.history import History, OpenUserTask
from domain.state import SCOPE_EXECUTION, TASK, ElementInstance, Incident, InstanceState, Job, Subscription


class TokenDto(JsonAnswer):
    """An active activity, or one that a token stands before or behind; with `flow_id` a token on its way along that sequence flow."""

    id: str
    activity_id: str | None
    flow_id: str | None
    parent_id: str


class OpenExternalTaskDto(JsonAnswer):
    id: str
    activity_id: str
    topic_name: str | None
    priority: int
    create_time: str
    worker_id: str | None
    lock_expiration_time: str | None
    locked: bool
    """At that moment the lock had not run out."""
    retries: int | None
    error_message: str | None


class OpenUserTaskDto(JsonAnswer):
    id: str
    activity_id: str
    name: str | None
    assignee: str | None
    create_time: str


class ScopedVariableDto(JsonAnswer):
    execution_id: str
    name: str
    type: str
    value: Any
    value_info: dict[str, Any]


class OpenIncidentDto(JsonAnswer):
    id: str
    incident_type: str
    incident_timestamp: str
    activity_id: str
    configuration: str | None
    incident_message: str | None
    annotation: str | None


class OpenEventSubscriptionDto(JsonAnswer):
    id: str
    event_type: str
    """message or signal."""
    event_name: str
    activity_id: str
    execution_id: str
    created_date: str


class OpenJobDto(JsonAnswer):
    id: str
    kind: str
    """timer, async-before or async-after."""
    activity_id: str
    execution_id: str | None
    due_date: str | None
    repeat: str | None
    retries: int
    exception_message: str | None
    failed_activity_id: str | None
    create_time: str


class InstanceStateDto(JsonAnswer):
    """A process instance as it stood just after the fact at `position`."""

    id: str
    definition_id: str
    business_key: str | None
    tenant_id: str | None
    start_time: str
    state: str
    """ACTIVE, SUSPENDED, COMPLETED or EXTERNALLY_TERMINATED."""
    position: int
    time: str
    tokens: list[TokenDto]
    external_tasks: list[OpenExternalTaskDto]
    user_tasks: list[OpenUserTaskDto]
    variables: list[ScopedVariableDto]
    incidents: list[OpenIncidentDto]
    event_subscriptions: list[OpenEventSubscriptionDto]
    jobs: list[OpenJobDto]


def write_state(records: Sequence[Recorded], moment: int) -> dict[str, Any]:
    """The state after the last of the records, which begin with the instance's start; locks are looked at as of `moment`."""
    history = History.of(records)
    state = history.state
    assert state is not None
    return {
        "id": state.id,
        "definitionId": state.definition_id,
        "businessKey": state.business_key,
        "tenantId": state.tenant_id,
        "startTime": format_date(history.started_at),
        "state": state.ended or ("SUSPENDED" if state.suspended else "ACTIVE"),
        "position": records[-1].notification_id,
        "time": format_date(records[-1].envelope.at),
        "tokens": [_token(state, state.tokens[key]) for key in sorted(state.tokens)],
        "externalTasks": [_external_task(task, moment) for task in history.open_tasks],
        "userTasks": [_user_task(state, task) for task in history.open_user_tasks],
        "variables": _variables(state),
        "incidents": [_incident(state, state.incidents[key]) for key in sorted(state.incidents)],
        "eventSubscriptions": [_subscription(state, state.subscriptions[key]) for key in sorted(state.subscriptions)],
        "jobs": [_job(state, state.jobs[key]) for key in sorted(state.jobs)],
    }


def _token(state: InstanceState, token: ElementInstance) -> dict[str, Any]:
    return {
        "id": state.part(token.key),
        "activityId": token.element_id or None,
        "flowId": token.flow_id or None,
        "parentId": state.part(token.scope),
    }


def _external_task(task: ExternalTaskState, moment: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "activityId": task.element_id,
        "topicName": task.topic,
        "priority": task.priority,
        "createTime": format_date(task.create_time),
        "workerId": task.worker_id,
        "lockExpirationTime": format_optional_date(task.lock_until),
        "locked": task.lock_until is not None and task.lock_until > moment,
        "retries": task.retries,
        "errorMessage": task.error_message,
    }


def _user_task(state: InstanceState, open_task: OpenUserTask) -> dict[str, Any]:
    task = open_task.task
    return {
        "id": state.part(task.key + TASK),
        "activityId": task.element_id,
        "name": task.name,
        "assignee": task.assignee,
        "createTime": format_date(open_task.create_time),
    }


def _variables(state: InstanceState) -> list[dict[str, Any]]:
    return [
        {"executionId": _execution(state, scope), "name": name, **write_variable(value, deserialize=False)}
        for scope in sorted(state.variables)
        for name, value in sorted(state.variables[scope].items())
    ]


def _execution(state: InstanceState, scope: int) -> str:
    return state.part(scope + SCOPE_EXECUTION) if scope else state.id


def _incident(state: InstanceState, incident: Incident) -> dict[str, Any]:
    return {
        "id": state.part(incident.key),
        "incidentType": incident.incident_type,
        "incidentTimestamp": format_date(incident.raised_at),
        "activityId": incident.element_id,
        "configuration": incident.configuration,
        "incidentMessage": incident.message,
        "annotation": incident.annotation,
    }


def _subscription(state: InstanceState, subscription: Subscription) -> dict[str, Any]:
    return {
        "id": state.part(subscription.key),
        "eventType": subscription.kind,
        "eventName": subscription.name,
        "activityId": subscription.element_id,
        "executionId": _execution(state, subscription.holder),
        "createdDate": format_date(subscription.opened_at),
    }


def _job(state: InstanceState, job: Job) -> dict[str, Any]:
    return {
        "id": state.part(job.key),
        "kind": job.kind,
        "activityId": job.element_id,
        "executionId": None if job.execution is None else state.part(job.execution),
        "dueDate": format_optional_date(job.due),
        "repeat": job.repeat,
        "retries": job.retries,
        "exceptionMessage": job.message,
        "failedActivityId": job.failed_element_id,
        "createTime": format_date(job.created_at),
    }
