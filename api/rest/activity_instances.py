"""The tree of what is active in an instance (REST contract §10.4)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.errors import not_found
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer
from domain.elements import Element, ProcessDefinition, is_scope
from domain.executions import execution_of
from domain.ids import part_id
from domain.state import SCOPE_EXECUTION, ElementInstance, Incident, InstanceState, Job

router = APIRouter(prefix="/process-instance", tags=["Process instance"])


class ActivityInstanceIncidentDto(JsonAnswer):
    id: str
    activity_id: str


class ActivityInstanceDto(JsonAnswer):
    id: str
    parent_activity_instance_id: str | None
    activity_id: str
    activity_type: str
    process_instance_id: str
    process_definition_id: str
    child_activity_instances: list[ActivityInstanceDto]
    child_transition_instances: list[dict[str, Any]]
    execution_ids: list[str]
    activity_name: str | None
    incident_ids: list[str]
    incidents: list[ActivityInstanceIncidentDto]
    name: str | None


@router.get("/{id}/activity-instances", response_model=ActivityInstanceDto)
async def get_activity_instances(request: Request, id: str) -> Response:
    """What is active in an instance, from the process itself down."""
    engine = engine_of(request)
    state = await engine.live_state(id)
    definition = await engine.definition(state.definition_id) if state else None
    if state is None or definition is None:
        raise not_found(f"Process instance with id {id} does not exist")
    return JsonResponse(Tree(state, definition).root())


class Tree:
    """Writes an instance's state as activity instances."""

    def __init__(self, state: InstanceState, definition: ProcessDefinition) -> None:
        self._state = state
        self._definition = definition
        self._incidents: dict[int, list[Incident]] = {}
        for _, incident in sorted(state.incidents.items()):
            self._incidents.setdefault(incident.element_key, []).append(incident)

    def root(self) -> dict[str, Any]:
        state, definition = self._state, self._definition
        executions = [state.id, *self._concurrent_executions(0)]
        return self._node(state.id, None, definition.id, "processDefinition", definition.name, 0, executions)

    def _node(
        self, id: str, parent: str | None, activity_id: str, kind: str, name: str | None, key: int, executions: list[str]
    ) -> dict[str, Any]:
        return {
            "id": id,
            "parentActivityInstanceId": parent,
            "activityId": activity_id,
            "activityType": kind,
            "processInstanceId": self._state.id,
            "processDefinitionId": self._state.definition_id,
            "childActivityInstances": [self._child(token, id) for token in self._tokens_in(key)],
            "childTransitionInstances": self._transitions(key, id),
            "executionIds": executions,
            "activityName": name,
            **self._incidents_at(key),
            "name": name,
        }

    def _transitions(self, scope: int, parent: str) -> list[dict[str, Any]]:
        """Tokens of a scope that wait for a job between two elements."""
        state = self._state
        jobs = [job for key in state.tokens_in(scope) if state.is_in_transition(key) and (job := state.job_of(key)) is not None]
        return [self._transition(job, parent) for job in jobs]

    def _transition(self, job: Job, parent: str) -> dict[str, Any]:
        element, state = self._definition.elements[job.element_id], self._state
        assert job.holder is not None
        return {
            "id": self._execution(job.holder),
            "parentActivityInstanceId": parent,
            "activityId": element.id,
            "activityName": element.name,
            "activityType": element.activity_type,
            "processInstanceId": state.id,
            "processDefinitionId": state.definition_id,
            "executionId": self._execution(job.holder),
            "targetActivityId": element.id,
            **self._incidents_at(job.holder),
        }

    def _incidents_at(self, key: int) -> dict[str, Any]:
        incidents = self._incidents.get(key, [])
        return {
            "incidentIds": [self._part(incident.key) for incident in incidents],
            "incidents": [{"id": self._part(incident.key), "activityId": incident.element_id} for incident in incidents],
        }

    def _child(self, token: ElementInstance, parent: str) -> dict[str, Any]:
        element = self._definition.elements[token.element_id]
        id = f"{element.id}:{self._part(token.key)}"
        return self._node(id, parent, element.id, element.activity_type, element.name, token.key, self._executions(token, element))

    def _tokens_in(self, scope: int) -> list[ElementInstance]:
        tokens = [self._state.tokens[key] for key in self._state.tokens_in(scope)]
        return [token for token in tokens if token.flow_id is None]

    def _executions(self, token: ElementInstance, element: Element) -> list[str]:
        if is_scope(element):
            return [self._part(token.key + SCOPE_EXECUTION), *self._concurrent_executions(token.key)]
        return [self._execution(token.key)]

    def _concurrent_executions(self, scope: int) -> list[str]:
        """Executions of tokens beside others that do no more than carry a scope."""
        if len(self._state.tokens_in(scope)) < 2:
            return []
        carriers = [token for token in self._tokens_in(scope) if is_scope(self._definition.elements[token.element_id])]
        return [self._execution(token.key) for token in carriers]

    def _execution(self, key: int) -> str:
        """The execution of a token that is no scope itself, or of the one that carries a scope."""
        return self._part(execution_of(self._state.tokens[key], self._state.is_beside_others(key)))

    def _part(self, ordinal: int) -> str:
        return part_id(self._state.id, ordinal)
