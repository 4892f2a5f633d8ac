"""/deployment (REST contract §10.2)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.dates import format_date
from api.rest.deployment_form import RESERVED, read_form
from api.rest.errors import Mapped, RestError, from_refusal, invalid_request, not_found, null_value
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer
from api.rest.links import link
from api.rest.openapi import BINARY, takes_form, takes_parameters, takes_query
from api.rest.process_definition_dtos import ProcessDefinitionDto, write_definition
from api.rest.query_params import DATE, FLAG, ID, LIKE, LIST, TEXT, Kind, get_flag, query_of, read_filters, read_page, read_sorting
from api.rest.rows import list_answer, row_writer
from domain.commands import DeleteDeployment
from domain.ids import is_id
from domain.outcomes import Deployed
from domain.refusals import NotFound
from projections.deployment.query import (
    ALL_RESOURCES,
    CONTENT,
    ONE,
    REGISTERED,
    SORT_COLUMNS,
    count_statement,
    list_statement,
)

KINDS: Mapping[str, Kind] = {
    "id": ID,
    "name": TEXT,
    "nameLike": LIKE,
    "source": TEXT,
    "withoutSource": FLAG,
    "before": DATE,
    "after": DATE,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "includeDeploymentsWithoutTenantId": FLAG,
}
MEDIA_TYPES = {
    **dict.fromkeys(("bpmn", "cmmn", "dmn", "xml"), "application/xml"),
    "json": "application/json",
    "gif": "image/gif",
    **dict.fromkeys(("jpe", "jpeg", "jpg"), "image/jpeg"),
    "png": "image/png",
    "svg": "image/svg+xml",
    **dict.fromkeys(("tif", "tiff"), "image/tiff"),
    **dict.fromkeys(("groovy", "java", "js", "php", "py", "rb", "txt"), "text/plain"),
    "html": "text/html",
}
"""By a file's suffix; anything else is `application/octet-stream`."""

_DELETION = {name: {"type": "boolean"} for name in ("cascade", "skipIoMappings", "skipCustomListeners")}

router = APIRouter(prefix="/deployment", tags=["Deployment"])


class LinkDto(JsonAnswer):
    method: str
    href: str
    rel: str


class DeploymentDto(JsonAnswer):
    id: str
    name: str | None
    source: str | None
    deployment_time: str
    tenant_id: str | None


class ListedDeploymentDto(DeploymentDto):
    links: list[LinkDto]


class DeploymentWithDefinitionsDto(ListedDeploymentDto):
    """What a deployment made; null where that is nothing new."""

    deployed_process_definitions: dict[str, ProcessDefinitionDto] | None
    deployed_case_definitions: None
    deployed_decision_definitions: None
    deployed_decision_requirements_definitions: None


class DeploymentResourceDto(JsonAnswer):
    id: str
    name: str
    deployment_id: str


write_deployment_row = row_writer(DeploymentDto, "deploymentTime")
write_resource = row_writer(DeploymentResourceDto)


@router.post("/create", response_model=DeploymentWithDefinitionsDto, openapi_extra=takes_form(RESERVED))
async def create_deployment(request: Request) -> Response:
    """Deploy the files of a multipart form."""
    command = await read_form(request)
    deployed = await engine_of(request).submit(command, command_id=command_id_of(request))
    assert isinstance(deployed, Deployed)
    return JsonResponse(write_deployed(request, deployed))


def write_deployed(request: Request, deployed: Deployed) -> dict[str, Any]:
    """What a deployment answers."""
    return {
        "links": [link(request, f"/deployment/{deployed.id}")],
        "id": deployed.id,
        "name": deployed.name,
        "source": deployed.source,
        "deploymentTime": format_date(deployed.deploy_time),
        "tenantId": deployed.tenant_id,
        "deployedProcessDefinitions": {d.id: write_definition(d) for d in deployed.definitions} or None,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
    }


def _filters(params: Mapping[str, str]) -> dict[str, Any]:
    filters = read_filters(params, KINDS)
    if "withoutSource" in filters and "source" in filters:
        raise invalid_request('The query parameters "withoutSource" and "source" cannot be used in combination.')
    return filters


def _listed(row: Any) -> dict[str, Any]:
    return {"links": [], **write_deployment_row(row)}


@router.get("", response_model=list[ListedDeploymentDto], openapi_extra=takes_query(KINDS, SORT_COLUMNS))
async def get_deployments(request: Request) -> Response:
    """List deployments."""
    params = query_of(request)
    filters, sorting, page = _filters(params), read_sorting(params, SORT_COLUMNS), read_page(params)
    rows = await engine_of(request).query(*list_statement(filters, sorting, page))
    return await list_answer(rows, _listed)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count deployments."""
    params = query_of(request)
    filters = _filters(params)
    read_sorting(params, SORT_COLUMNS)
    rows = await engine_of(request).query(*count_statement(filters))
    return count(rows[0][0])


@router.get("/registered", response_model=list[str])
async def get_registered(request: Request) -> Response:
    """The ids of the deployments that the engine works on: all of them."""
    rows = await engine_of(request).query(REGISTERED)
    return JsonResponse([id for (id,) in rows])


@router.get("/{id}", response_model=ListedDeploymentDto)
async def get_deployment(request: Request, id: str) -> Response:
    """One deployment."""
    rows = await engine_of(request).query(ONE, [id]) if is_id(id) else []
    if not rows:
        raise not_found(f"Deployment with id '{id}' does not exist")
    return JsonResponse(_listed(rows[0]))


@router.delete("/{id}", status_code=204, openapi_extra=takes_parameters(_DELETION))
async def delete_deployment(request: Request, id: str) -> Response:
    """Delete a deployment with its definitions; with `cascade` their running instances too."""
    params = query_of(request)
    command = DeleteDeployment(id, get_flag(params, "cascade"), get_flag(params, "skipIoMappings"))
    if not is_id(id):
        raise not_found(f"Deployment with id '{id}' do not exist")
    try:
        await engine_of(request).submit(command, command_id=command_id_of(request))
    except NotFound as refusal:
        raise not_found(from_refusal(refusal, table={NotFound: Mapped(404, "")}).message) from refusal
    return no_content()


@router.get("/{id}/resources", response_model=list[DeploymentResourceDto])
async def get_resources(request: Request, id: str) -> Response:
    """The files of a deployment."""
    rows = await engine_of(request).query(ALL_RESOURCES, [id]) if is_id(id) else []
    if not rows:
        raise _no_resources(id)
    return JsonResponse([write_resource(row) for row in rows])


def _no_resources(id: str) -> RestError:
    return not_found(f"Deployment resources for deployment id '{id}' do not exist.")


@router.get("/{id}/resources/{resource_id}", response_model=DeploymentResourceDto)
async def get_resource(request: Request, id: str, resource_id: str) -> Response:
    """One file of a deployment, without its content."""
    rows = await engine_of(request).query(ALL_RESOURCES, [id]) if is_id(id) else []
    if not rows:
        raise _no_resources(id)
    found = next((resource for resource in map(write_resource, rows) if resource["id"] == resource_id), None)
    if found is None:
        raise not_found(f"Deployment resource with resource id '{resource_id}' for deployment id '{id}' does not exist.")
    return JsonResponse(found)


@router.get("/{id}/resources/{resource_id}/data", response_class=Response, responses=BINARY)
async def get_resource_data(request: Request, id: str, resource_id: str) -> Response:
    """A file's content."""
    known = is_id(id) and is_id(resource_id)
    rows = await engine_of(request).query(CONTENT, [id, resource_id]) if known else []
    if not rows:
        raise null_value(f"no resource found with id '{resource_id}' in deployment '{id}': resource is null")
    name, content = rows[0]
    return Response(bytes(content), headers={"content-type": media_type(name), "content-disposition": attachment(name)})


def media_type(name: str) -> str:
    """The type of a file by its suffix."""
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream") if "." in name else "application/octet-stream"


def attachment(name: str) -> str:
    """The header that offers a file under its own name, without its folders."""
    last = PurePosixPath(name).name
    plain = last.encode("latin-1", "replace").decode("latin-1").replace('"', "%22").replace("\r", " ").replace("\n", " ")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last, safe='')}"
