"""What answers about process definitions look like (REST contract §10.3)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.rest.json_body import JsonAnswer
from api.rest.rows import row_writer
from domain.elements import ProcessDefinition


class ProcessDefinitionDto(JsonAnswer):
    id: str
    key: str
    category: str | None
    description: str | None
    name: str | None
    version: int
    resource: str
    deployment_id: str
    diagram: str | None
    suspended: bool
    tenant_id: str | None
    version_tag: str | None
    history_time_to_live: int | None
    startable_in_tasklist: bool


write_definition_row = row_writer(ProcessDefinitionDto)


def write_definition(definition: ProcessDefinition) -> dict[str, Any]:
    """A definition that was just deployed."""
    return write_definition_row(
        (
            definition.id,
            definition.key,
            definition.category,
            definition.description,
            definition.name,
            definition.version,
            definition.resource,
            definition.deployment_id,
            None,
            False,
            definition.tenant_id,
            definition.version_tag,
            definition.history_time_to_live,
            definition.startable_in_tasklist,
        )
    )


class ProcessDefinitionXmlDto(JsonAnswer):
    id: str
    bpmn20_xml: str = Field(alias="bpmn20Xml")


class IncidentStatisticsDto(JsonAnswer):
    incident_type: str
    incident_count: int


class ActivityStatisticsDto(JsonAnswer):
    """How many instances of an activity there are now; `incidents` only when asked for."""

    java_class: str = Field(alias="@class")
    id: str
    instances: int
    failed_jobs: int
    incidents: list[IncidentStatisticsDto]


class DefinitionStatisticsDto(ActivityStatisticsDto):
    """How many instances of a definition there are now."""

    definition: ProcessDefinitionDto
