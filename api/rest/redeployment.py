"""/deployment/{id}/redeploy: a new deployment of what another one brought (REST contract §10.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.coercions import Text, Texts
from api.rest.deployments import DeploymentWithDefinitionsDto, write_deployed
from api.rest.errors import RestError, invalid_request, not_found
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonObject, parse_body, read_optional_object
from api.rest.openapi import takes_body
from domain.commands import CreateDeployment, ResourceFile
from domain.ids import is_id
from domain.outcomes import Deployed
from projections.deployment.query import CONTENTS, ONE

router = APIRouter(prefix="/deployment", tags=["Deployment"])


class RedeploymentDto(JsonObject):
    """Without any names all files are deployed again, under the name of the other deployment."""

    source: Text = None
    resource_ids: Texts = None
    resource_names: Texts = None


@router.post("/{id}/redeploy", response_model=DeploymentWithDefinitionsDto, openapi_extra=takes_body(RedeploymentDto))
async def redeploy(request: Request, id: str) -> Response:
    """Deploy all or some files of a deployment again."""
    body = parse_body(await read_optional_object(request), RedeploymentDto)
    engine = engine_of(request)
    rows = await engine.query(ONE, [id]) if is_id(id) else []
    if not rows:
        raise not_found(f"Deployment with id '{id}' does not exist")
    _, name, _, _, tenant_id = rows[0]
    files = _chosen(id, body, await engine.query(CONTENTS, [id]))
    command = CreateDeployment(name, body.source, tenant_id, files)
    deployed = await engine.submit(command, command_id=command_id_of(request))
    assert isinstance(deployed, Deployed)
    return JsonResponse(write_deployed(request, deployed))


def _chosen(id: str, body: RedeploymentDto, rows: Sequence[Sequence[Any]]) -> tuple[ResourceFile, ...]:
    names = {resource_id: name for resource_id, name, _ in rows}
    wanted = _known(id, body.resource_ids, names, ("resourceIds", "id")) | _known(
        id, body.resource_names, names.values(), ("resourceNames", "name")
    )
    chosen = [row for row in rows if not wanted or wanted & {row[0], row[1]}]
    return tuple(ResourceFile(name, bytes(content)) for _, name, content in chosen)


def _known(id: str, given: Sequence[str | None] | None, known: Collection[str] | Mapping[str, str], words: tuple[str, str]) -> set[str]:
    """Ids or names of files that a request gives, all of which have to be there."""
    wanted = {item for item in given or () if item is not None}
    if given and None in given:
        raise _refused(id, f"{words[0]} contains null value", 400)
    missing = sorted(wanted.difference(known))
    if missing:
        text = f"The deployment with id '{id}' does not contain the following resources with {words[1]}: {', '.join(missing)}"
        raise _refused(id, text, 404)
    return wanted


def _refused(id: str, why: str, status: int) -> RestError:
    return invalid_request(f"Cannot redeploy deployment '{id}': {why}", status, 0)
