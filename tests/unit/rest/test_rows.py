"""Rows as JSON objects."""

from __future__ import annotations

import pytest

from api.rest.external_task_dtos import ExternalTaskDto, write_external_task
from api.rest.incidents import write_incident
from api.rest.process_definition_dtos import ProcessDefinitionDto, write_definition, write_definition_row
from domain.elements import ProcessDefinition

TASK_ROW = ("a", "a:1", None, "e", "i", 1_000, 0, "d", "k", None, "p", None, 3, False, "w", "t", 7, None)


def test_a_task_has_the_fields_of_its_dto_in_their_order() -> None:
    written = write_external_task(TASK_ROW)
    assert list(written) == [field.alias for field in ExternalTaskDto.model_fields.values()]
    assert (written["topicName"], written["priority"], written["workerId"]) == ("t", 7, "w")


def test_dates_are_written_as_camunda_does() -> None:
    written = write_external_task(TASK_ROW)
    assert written["lockExpirationTime"].endswith("00:01.000+0000") or "+" in written["lockExpirationTime"]
    assert written["createTime"][10] == "T"


def test_a_date_may_be_missing() -> None:
    assert write_external_task((*TASK_ROW[:5], None, *TASK_ROW[6:]))["lockExpirationTime"] is None


def test_a_row_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        write_external_task(TASK_ROW[:-1])


def test_a_task_is_valid_by_its_dto() -> None:
    assert ExternalTaskDto.model_validate(write_external_task(TASK_ROW)).topic_name == "t"


def test_an_incident_is_its_own_cause() -> None:
    written = write_incident(("i", "d", "p", "e", 0, "failedExternalTask", "a", None, "i", "i", "c", "boom", None, None, None))
    assert (written["causeIncidentId"], written["rootCauseIncidentId"], written["failedActivityId"]) == ("i", "i", None)


def test_a_new_definition_is_written_like_a_stored_one() -> None:
    definition = ProcessDefinition(
        key="k", start="s", elements={}, id="k:1:x", version=1, deployment_id="dep", resource="k.bpmn", history_time_to_live=5
    )
    row = ("k:1:x", "k", None, None, None, 1, "k.bpmn", "dep", None, False, None, None, 5, True)
    assert write_definition(definition) == write_definition_row(row)
    assert ProcessDefinitionDto.model_validate(write_definition(definition)).startable_in_tasklist
