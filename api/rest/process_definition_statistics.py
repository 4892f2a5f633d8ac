"""Statistics of process definitions (REST contract §10.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.rest.errors import invalid_request
from api.rest.query_params import get_flag

_PACKAGE = "org.camunda.bpm.engine.rest.dto.repository."


class WantedIncidents:
    """Which incidents statistics show: none, all, or those of one type."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._all = get_flag(params, "incidents")
        self._of_type = params.get("incidentsForType")
        if self._all and self._of_type is not None:
            raise invalid_request("Only one of the query parameter includeIncidents or includeIncidentsForType can be set.")

    def write(self, counts: Mapping[str, int] | None) -> list[dict[str, Any]]:
        """The counts by type, as far as they are wanted."""
        found = sorted((counts or {}).items())
        return [{"incidentType": t, "incidentCount": n} for t, n in found if self._all or t == self._of_type]


def write_activity(activity_id: str, instances: int, incidents: list[dict[str, Any]]) -> dict[str, Any]:
    return _write("ActivityStatisticsResultDto", activity_id, instances, incidents)


def write_definition_statistics(definition: dict[str, Any], instances: int, incidents: list[dict[str, Any]]) -> dict[str, Any]:
    return {**_write("ProcessDefinitionStatisticsResultDto", definition["id"], instances, incidents), "definition": definition}


def _write(kind: str, id: str, instances: int, incidents: list[dict[str, Any]]) -> dict[str, Any]:
    return {"@class": _PACKAGE + kind, "id": id, "instances": instances, "failedJobs": 0, "incidents": incidents}
