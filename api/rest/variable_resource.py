"""The variable resource that instances, executions and user tasks have alike (REST contract §10.4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.engine import Engine
from api.rest.answers import JsonResponse, no_content
from api.rest.binary import download
from api.rest.coercions import Object, Text, Texts
from api.rest.errors import WRAPPED, RestError, from_refusal, not_found, null_value, rest_exception
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer, JsonObject, read_body, read_object
from api.rest.openapi import BINARY, takes_body, takes_form
from api.rest.query_params import get_flag, query_of
from api.rest.variable_scopes import Scopes, read_from_scopes, read_scopes
from api.rest.variable_upload import read_upload
from api.rest.variables import read_variable, read_variables, write_variable, write_variables
from domain.commands import ModifyVariables
from domain.refusals import Refusal
from domain.values import Value


class ModificationsDto(JsonObject):
    modifications: Object = None
    deletions: Texts = None


class NewValueDto(JsonObject):
    value: Any = None
    type: Text = None
    value_info: Object = None


class VariableValueDto(JsonAnswer):
    type: str
    value: Any
    value_info: dict[str, Any]


class VariableResource(msgspec.Struct, frozen=True):
    """One kind of owner of variables. `what` and `missing` (with `{id}`) are words of messages; `local`: exactly its own scope."""

    what: str
    missing: str
    local: bool
    locate: Callable[[Engine, str], Awaitable[Scopes | None]]

    async def scopes(self, engine: Engine, id: str) -> Scopes:
        """Find the owner. Raises RestError when there is none, as lists say it."""
        found = await self.locate(engine, id)
        if found is None:
            raise null_value(self.missing.format(id=id))
        return found

    async def all(self, request: Request, id: str) -> Response:
        engine = engine_of(request)
        scopes = await self.scopes(engine, id)
        variables = await read_scopes(engine, scopes.seen(self.local))
        return JsonResponse(write_variables(variables, get_flag(query_of(request), "deserializeValues", True)))

    async def value(self, request: Request, id: str, name: str) -> Value:
        engine = engine_of(request)
        try:
            scopes = await self.scopes(engine, id)
        except RestError as error:
            raise error.prefixed(f"Cannot get {self.what} variable {name}: ") from None
        found = await read_from_scopes(engine, scopes.seen(self.local), name)
        if found is None:
            raise not_found(f"{self.what} variable with name {name} does not exist")
        return found

    async def put(self, request: Request, id: str, name: str, value: Value) -> Response:
        return await self._modify(request, id, f"Cannot put {self.what} variable {name}: ", {name: value}, ())

    async def delete(self, request: Request, id: str, name: str) -> Response:
        return await self._modify(request, id, f"Cannot delete {self.what} variable {name}: ", {}, (name,))

    async def modify(self, request: Request, id: str) -> Response:
        body = await read_body(request, ModificationsDto)
        verb = f"Cannot modify variables for {self.what}"
        values = read_variables(body.modifications, f"{verb}: ", f"{verb} {id}: ")
        return await self._modify(request, id, f"{verb} {id}: ", values, tuple(name for name in body.deletions or () if name is not None))

    async def _modify(self, request: Request, id: str, prefix: str, values: dict[str, Value], deletions: tuple[str, ...]) -> Response:
        engine = engine_of(request)
        scopes = await self.locate(engine, id)
        if scopes is None:
            raise rest_exception(prefix + self.missing.format(id=id), 500)
        try:
            command = ModifyVariables(scopes.execution_id, values, deletions, self.local)
            await engine.submit(command, command_id=command_id_of(request))
        except Refusal as refusal:
            raise from_refusal(refusal, prefix=prefix, table=WRAPPED) from refusal
        return no_content()


def add_routes(router: APIRouter, path: str, resource: VariableResource) -> None:
    """Mount a resource at a path such as `/process-instance/{id}/variables`."""
    _add_reads(router, path, resource)
    _add_writes(router, path, resource)


def _add_reads(router: APIRouter, path: str, resource: VariableResource) -> None:
    @router.get(path, response_model=dict[str, VariableValueDto])
    async def get_variables(request: Request, id: str) -> Response:
        """All variables that are seen, by name."""
        return await resource.all(request, id)

    @router.get(path + "/{name}", response_model=VariableValueDto)
    async def get_variable(request: Request, id: str, name: str) -> Response:
        """One variable."""
        value = await resource.value(request, id, name)
        return JsonResponse(write_variable(value, get_flag(query_of(request), "deserializeValue", True)))

    @router.get(path + "/{name}/data", response_class=Response, responses=BINARY)
    async def get_content(request: Request, id: str, name: str) -> Response:
        """The content of a File or Bytes variable."""
        return download(await resource.value(request, id, name), id)


def _add_writes(router: APIRouter, path: str, resource: VariableResource) -> None:
    @router.post(path, status_code=204, openapi_extra=takes_body(ModificationsDto))
    async def modify_variables(request: Request, id: str) -> Response:
        """Set variables, then remove others; all or nothing."""
        return await resource.modify(request, id)

    @router.put(path + "/{name}", status_code=204, openapi_extra=takes_body(NewValueDto))
    async def put_variable(request: Request, id: str, name: str) -> Response:
        """Set one variable."""
        value = read_variable(name, await read_object(request), f"Cannot put {resource.what} variable {name}: ")
        return await resource.put(request, id, name, value)

    @router.post(path + "/{name}/data", status_code=204, openapi_extra=takes_form(["valueType", "type"], ["data"]))
    async def upload_content(request: Request, id: str, name: str) -> Response:
        """Set one variable from a form."""
        return await resource.put(request, id, name, await read_upload(request, name))

    @router.delete(path + "/{name}", status_code=204)
    async def delete_variable(request: Request, id: str, name: str) -> Response:
        """Remove one variable; one that is not there is no error."""
        return await resource.delete(request, id, name)
