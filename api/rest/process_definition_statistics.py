"""Statistics of process definitions (REST contract §10.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.rest.errors import invalid_request
from api.rest.query_params import get_flag

_PACKAGE = "org.camunda.bpm.engine.rest.dto.repository."


class Wanted:
    """What statistics show beside instances: failed jobs or not, and no incidents, all, or those of one type."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._failed_jobs = get_flag(params, "failedJobs")
        self._all = get_flag(params, "incidents")
        self._of_type = params.get("incidentsForType")
        if self._all and self._of_type is not None:
            raise invalid_request("Only one of the query parameter includeIncidents or includeIncidentsForType can be set.")

    def write(self, instances: int, failed_jobs: int, incidents: Mapping[str, int] | None) -> dict[str, Any]:
        """The figures, as far as they are wanted."""
        found = sorted((incidents or {}).items())
        return {
            "instances": instances,
            "failedJobs": failed_jobs if self._failed_jobs else 0,
            "incidents": [{"incidentType": t, "incidentCount": n} for t, n in found if self._all or t == self._of_type],
        }


def write_activity(activity_id: str, figures: dict[str, Any]) -> dict[str, Any]:
    return {"@class": _PACKAGE + "ActivityStatisticsResultDto", "id": activity_id, **figures}


def write_definition_statistics(definition: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    kind = _PACKAGE + "ProcessDefinitionStatisticsResultDto"
    return {"@class": kind, "id": definition["id"], **figures, "definition": definition}
