"""The API's description (OpenAPI 3.1) as a whole: what the routes say of themselves, under Camunda's names, with errors and examples.

Whatever is the same for every operation is said here, once, so that a new route needs nothing but itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cached_property
from typing import Any, TypeAlias

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.rest.engine_path import ROOT
from api.rest.error_dto import ExceptionDto
from api.rest.examples import Examples
from api.rest.idempotency import HEADER_PARAMETER
from api.rest.openapi import components_of, reference
from api.rest.operation_names import OperationName, camunda_names, own_name, placeholders, shape

Json: TypeAlias = dict[str, Any]

ABOUT = "BPMN processes for external workers: Camunda 7.24's REST API under `/engine-rest`, and what Camunda does not have under `/gesta`."
JSON = "application/json"
REFUSALS: Mapping[str, str] = {
    "400": "The request is malformed, or asks for what cannot be done as things stand",
    "404": "There is no such thing",
    "500": "An argument is missing or makes no sense, or the process cannot go on",
}
READS = ("query", "get", "fetchAndLock")
"""How operations are called that are no commands, whatever their verb is."""


class DescribedApp(FastAPI):
    """An application whose description is completed."""

    def openapi(self) -> Json:
        """The description; it is made once."""
        if self.openapi_schema is None:
            plain = get_openapi(title=self.title, version=self.version, description=ABOUT, routes=self.routes)
            self.openapi_schema = Description(deepcopy(plain)).complete()
        return self.openapi_schema


class Description:
    """A document in the making."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._components: Json = document["components"]["schemas"]
        self._components.update(components_of(ExceptionDto))

    @cached_property
    def _examples(self) -> Examples:
        return Examples(self._components)

    def complete(self) -> Json:
        """Name the operations, and add what they have in common."""
        paths: Json = {}
        for path, verb, operation in self._operations():
            named = name_of(path, verb, operation)
            paths.setdefault(named.path, {})[verb.lower()] = operation
            operation.update(operationId=named.name, tags=[named.tag])
            _rename_placeholders(operation, placeholders(named.path))
            self._lift_body(operation, named.name)
            _add_refusals(operation, verb, named.path)
            if verb != "GET" and not named.name.startswith(READS):
                _add_command_id(operation)
        self._document["paths"] = paths
        for component in self._components.values():
            _restore_nulls(component)
        for operation in (operation for item in paths.values() for operation in item.values()):
            self._show(operation)
        self._document["tags"] = [{"name": tag} for tag in sorted({tag for _, _, o in self._operations() for tag in o["tags"]})]
        return self._document

    def _operations(self) -> Iterator[tuple[str, str, Json]]:
        for path, item in self._document["paths"].items():
            for verb, operation in item.items():
                yield path, verb.upper(), operation

    def _lift_body(self, operation: Json, name: str) -> None:
        """Give a body's schema a name among the components, and the models inside it too."""
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = content["schema"]
            self._components.update(schema.pop("$defs", {}))
            if "$ref" not in schema and schema.get("type") == "object":
                component = schema.setdefault("title", body_name(name))
                self._components.setdefault(component, schema)
                content["schema"] = reference(component)

    def _show(self, operation: Json) -> None:
        """Add an example wherever there is none."""
        for parameter in operation.get("parameters", ()):
            parameter.setdefault("example", self._examples.of(parameter["schema"], parameter["name"]))
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        bodies = [operation.get("requestBody", {}), *answers]
        for content in (content for body in bodies for media, content in body.get("content", {}).items() if media == JSON):
            content.setdefault("example", self._examples.of(content["schema"]))


def name_of(path: str, verb: str, operation: Json) -> OperationName:
    """What Camunda calls an operation; one that it does not have is called as its function."""
    known = camunda_names().get((verb, shape(path.removeprefix(ROOT))))
    if known is not None:
        return known._replace(path=ROOT + known.path)
    function = operation["operationId"].removesuffix(shape_of_generated(path, verb))
    return OperationName(operation["tags"][0], path, own_name(function))


def shape_of_generated(path: str, verb: str) -> str:
    """What FastAPI puts behind a function's name to make an operation's id of it."""
    return "".join(c if c.isalnum() else "_" for c in path) + f"_{verb.lower()}"


def body_name(name: str) -> str:
    """What a body is called that has no name: `queryExternalTasksCount` takes an ExternalTaskQueryDto."""
    if name.startswith("query"):
        return f"{name.removeprefix('query').removesuffix('Count').removesuffix('s')}QueryDto"
    return f"{name[:1].upper()}{name[1:]}Dto"


def _rename_placeholders(operation: Json, names: list[str]) -> None:
    in_path = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "path"]
    for parameter, name in zip(in_path, names, strict=True):
        parameter["name"] = name


def _restore_nulls(component: Json) -> None:
    """FastAPI leaves nulls out of whatever it describes, examples included."""
    for example in component.get("examples", ()):
        example.update({name: None for name in component.get("required", ()) if name not in example})


def _add_refusals(operation: Json, verb: str, path: str) -> None:
    responses = operation["responses"]
    engine = path.startswith(ROOT)
    likely = ["500"] * engine + ["404"] * bool(placeholders(path)) + ["400"] * (verb != "GET" or bool(operation.get("parameters")))
    for status in sorted(likely):
        if status not in responses:
            responses[status] = {"description": REFUSALS[status], "content": {JSON: {"schema": reference("ExceptionDto")}}}


def _add_command_id(operation: Json) -> None:
    parameters = operation.setdefault("parameters", [])
    if not any(parameter["name"] == HEADER_PARAMETER["name"] for parameter in parameters):
        parameters.append(dict(HEADER_PARAMETER))
