"""User tasks on the wire (REST contract §10.9)."""

from __future__ import annotations

from api.rest.json_body import JsonAnswer


class UserTaskDto(JsonAnswer):
    id: str
    name: str | None
    assignee: str | None
    created: str
    due: str | None
    follow_up: str | None
    last_updated: str | None
    delegation_state: str | None
    description: str | None
    execution_id: str
    owner: str | None
    parent_task_id: str | None
    priority: int
    process_definition_id: str
    process_instance_id: str
    task_definition_key: str
    case_execution_id: str | None
    case_instance_id: str | None
    case_definition_id: str | None
    suspended: bool
    form_key: str | None
    camunda_form_ref: str | None
    tenant_id: str | None
    task_state: str


class IdentityLinkDto(JsonAnswer):
    user_id: str | None
    group_id: str | None
    type: str
