"""The API's description as a whole: it is valid OpenAPI, its operations have Camunda's names, and everything in it has an example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from api.rest.description import JSON, READS
from api.rest.operation_names import camunda_names
from tests.unit.rest.hot_routes import application

NOT_CAMUNDA = "/gesta"
SCHEMAS = "#/components/schemas/"
NAMES = {
    "fetchAndLock": "POST /engine-rest/external-task/fetchAndLock",
    "completeExternalTaskResource": "POST /engine-rest/external-task/{id}/complete",
    "getExternalTasks": "GET /engine-rest/external-task",
    "queryExternalTasks": "POST /engine-rest/external-task",
    "startProcessInstanceByKeyAndTenantId": "POST /engine-rest/process-definition/key/{key}/tenant-id/{tenant-id}/start",
    "setProcessInstanceVariableBinary": "POST /engine-rest/process-instance/{id}/variables/{varName}/data",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return application().openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield path, verb.upper(), operation


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)

    assert document["openapi"].startswith("3.1")


def test_it_is_the_same_however_often_it_is_made(document: dict[str, Any]) -> None:
    app = application()
    app.openapi()
    app.openapi_schema = None

    assert app.openapi() == document


def test_every_operation_of_camunda_has_its_name_and_tag(document: dict[str, Any]) -> None:
    known = {(named.name, named.tag) for named in camunda_names().values()}

    unknown = [
        f"{verb} {path}"
        for path, verb, operation in operations(document)
        if not path.startswith(NOT_CAMUNDA) and (operation["operationId"], operation["tags"][0]) not in known
    ]
    assert unknown == []


@pytest.mark.parametrize("name", NAMES)
def test_names_are_where_camunda_has_them(document: dict[str, Any], name: str) -> None:
    found = {operation["operationId"]: f"{verb} {path}" for path, verb, operation in operations(document)}

    assert found[name] == NAMES[name]


def test_commands_take_a_command_id_and_reads_do_not(document: dict[str, Any]) -> None:
    for path, verb, operation in operations(document):
        is_command = verb != "GET" and not operation["operationId"].startswith(READS)
        takes_id = "Gesta-Command-Id" in {parameter["name"] for parameter in operation.get("parameters", ())}
        assert takes_id == is_command, f"{verb} {path}"


def test_every_body_has_a_name(document: dict[str, Any]) -> None:
    for path, verb, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert "$ref" in content["schema"] or "anyOf" in content["schema"], f"{verb} {path}"


def shown(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that has a schema and an example."""
    for path, verb, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield f"{verb} {path} {parameter['name']}", parameter
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for body in (operation.get("requestBody", {}), *answers):
            for media_type, content in body.get("content", {}).items():
                if media_type == JSON:
                    yield f"{verb} {path}", content


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    for where, part in shown(document):
        schema = {**part["schema"], "components": document["components"]}
        faults = [fault.message for fault in OAS31Validator(schema).iter_errors(part["example"])]
        assert faults == [], f"{where}: {part['example']}"
