"""The API's description: every route is in it, the hot ones too, each with an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from api.rest.engine_path import ROOT
from api.rest.error_dto import ExceptionDto
from api.rest.hot import HOT
from api.rest.hot_dtos import (
    FetchExternalTaskTopicDto,
    FetchSortingDto,
    LockedExternalTaskDto,
    ProcessInstanceWithVariablesDto,
    VariableConditionDto,
)
from api.rest.hot_paths import hot_endpoint
from api.rest.json_body import JsonObject
from api.rest.operation_names import placeholders, shape
from tests.unit.rest.hot_routes import BY_PATH, REQUESTS, application, example, strictly

MODELS = (*dict.fromkeys(REQUESTS.values()), FetchSortingDto, FetchExternalTaskTopicDto, VariableConditionDto)
ANSWERS = (LockedExternalTaskDto, ProcessInstanceWithVariablesDto, ExceptionDto)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return application()


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, verb and description of every operation."""
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield path, verb.upper(), operation


def test_every_route_is_described(app: FastAPI, document: dict[str, Any]) -> None:
    served = {
        (route.path, verb)
        for route in iter_route_contexts(app.routes)
        if route.include_in_schema
        for verb in (route.methods or set()) - {"HEAD"}
    }

    assert {(shape(path), verb) for path, verb, _ in operations(document)} == {(shape(str(path)), verb) for path, verb in served}


def test_the_hot_routes_are_described() -> None:
    assert REQUESTS.keys() == HOT.keys()


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(names) == len(set(names))


def test_every_placeholder_is_a_parameter(document: dict[str, Any]) -> None:
    for path, verb, operation in operations(document):
        parameters = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]
        assert parameters == placeholders(path), f"{verb} {path}"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document)))

    assert str(document).count("'$ref': '") == str(document).count("'$ref': '#/components/schemas/")
    assert references <= document["components"]["schemas"].keys()


def test_every_operation_may_answer_an_error(document: dict[str, Any]) -> None:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/ExceptionDto"}}}

    for path, verb, operation in operations(document):
        assert operation["responses"]["default"]["content"] == body, f"{verb} {path}"
        assert "422" not in operation["responses"], f"{verb} {path}"


@pytest.mark.parametrize("path", HOT)
def test_a_hot_path_leads_to_its_endpoint(path: str) -> None:
    placeholders = {name: value for name, value in BY_PATH.items() if f"{{{name}}}" in path}

    assert hot_endpoint(ROOT + path.format(**BY_PATH)) == (HOT[path], placeholders)


@pytest.mark.parametrize("path", ["/", "/engine-rest/start", "/engine-rest/external-task/a/b/complete", "/external-task/fetchAndLock"])
def test_other_paths_are_left_to_the_routes(path: str) -> None:
    assert hot_endpoint(path) is None


@pytest.mark.parametrize("model", [*MODELS, *ANSWERS])
def test_every_model_has_an_example_that_fits_it(model: type[BaseModel]) -> None:
    strictly(model, example(model))


@pytest.mark.parametrize("model", MODELS)
def test_an_example_shows_every_property(model: type[JsonObject]) -> None:
    properties = {field.alias for field in model.model_fields.values()}

    assert example(model).keys() == properties
