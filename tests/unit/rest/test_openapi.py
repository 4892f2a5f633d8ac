"""What the API's description says of requests."""

from __future__ import annotations

from api.rest.external_task_dtos import LockExternalTaskDto
from api.rest.external_task_filters import KINDS
from api.rest.openapi import takes_body, takes_filters, takes_query


def test_filters_sorting_and_paging_are_parameters() -> None:
    parameters = {p["name"]: p["schema"] for p in takes_query(KINDS, ["id"])["parameters"]}
    assert parameters.keys() == KINDS.keys() | {"sortBy", "sortOrder", "firstResult", "maxResults"}
    assert parameters["locked"] == {"type": "boolean"}
    assert parameters["priorityLowerThanOrEquals"]["format"] == "int64"
    assert parameters["sortBy"]["enum"] == ["id"]


def test_lists_are_separated_by_commas() -> None:
    (activities,) = [p for p in takes_query(KINDS)["parameters"] if p["name"] == "activityIdIn"]
    assert (activities["schema"]["type"], activities["explode"]) == ("array", False)


def test_in_a_body_sorting_is_a_list() -> None:
    description = takes_filters(KINDS, ["id"])
    schema = description["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["sorting"]["type"] == "array"
    assert [p["name"] for p in description["parameters"]] == ["firstResult", "maxResults"]


def test_bodies_have_the_names_of_the_wire() -> None:
    schema = takes_body(LockExternalTaskDto)["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"].keys() == {"workerId", "lockDuration"}
