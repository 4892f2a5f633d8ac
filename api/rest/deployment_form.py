"""The multipart form of `POST /deployment/create` (REST contract §10.2)."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from api.rest.errors import RestError, http_error, invalid_request
from api.rest.execution_dates import read_execution_date
from api.rest.json_body import refuse_nul
from api.settings import Settings
from domain.commands import CreateDeployment, ResourceFile
from domain.parsing import is_model_name

RESERVED = (
    "deployment-name",
    "deployment-source",
    "tenant-id",
    "enable-duplicate-filtering",
    "deploy-changed-only",
    "deployment-activation-time",
)
_MOST_PARTS = 1000


async def read_form(request: Request) -> CreateDeployment:
    """Return the command that the form asks for. Every part that is not reserved is a file, whatever its own name."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise http_error(415)
    try:
        texts, files = await _parts(request)
    except UnicodeError as error:
        raise invalid_request(f"the form's texts have to be UTF-8: {error}") from None
    if not files:
        raise invalid_request("No deployment resources contained in the form upload.")
    return CreateDeployment(
        texts.get("deployment-name"),
        texts.get("deployment-source"),
        texts.get("tenant-id"),
        files,
        _flag(texts, "enable-duplicate-filtering"),
        _flag(texts, "deploy-changed-only"),
        read_execution_date(texts.get("deployment-activation-time"), "deployment-activation-time: "),
    )


async def _parts(request: Request) -> tuple[dict[str, str], tuple[ResourceFile, ...]]:
    """The form's texts by name, and its files. Raises UnicodeError: a charset that the form names may make of bytes what is no text."""
    settings: Settings = request.app.state.settings
    async with request.form(max_files=_MOST_PARTS, max_fields=_MOST_PARTS, max_part_size=settings.max_body_bytes) as form:
        texts = {name: await _text(part) for name, part in form.multi_items() if name in RESERVED}
        files = await _files(form, settings.max_model_bytes)
    said = [*texts.values(), *(file.name for file in files)]
    refuse_nul(said)
    "".join(said).encode()
    return texts, files


async def _text(part: UploadFile | str) -> str:
    return part if isinstance(part, str) else (await part.read()).decode()


async def _files(form: FormData, max_model_bytes: int) -> tuple[ResourceFile, ...]:
    """The files; of several with the same file name the last counts."""
    files: dict[str, ResourceFile] = {}
    for name, part in form.multi_items():
        if name in RESERVED:
            continue
        if isinstance(part, str):
            raise invalid_request("No file name found in the deployment resource described by form parameter 'null'.")
        file_name = part.filename or ""
        _refuse_large_model(file_name, part.size or 0, max_model_bytes)
        files[file_name] = ResourceFile(file_name, await part.read())
    return tuple(files.values())


def _refuse_large_model(name: str, size: int, limit: int) -> None:
    if size > limit and is_model_name(name):
        error = http_error(413)
        raise RestError(413, error.type, f"{error.message}: the model '{name}' has {size} bytes, at most {limit} are taken")


def _flag(texts: dict[str, str], name: str) -> bool:
    return texts.get(name, "").lower() == "true"
