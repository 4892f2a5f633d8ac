"""The multipart form that sets a binary variable, or one of a Java type (REST contract §10.4)."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from api.rest.errors import http_error, invalid_request
from api.rest.json_body import decode, is_json
from api.rest.variables import JSON_FORMAT, read_variable
from domain.values import Value


async def read_upload(request: Request, name: str) -> Value:
    """Read the value that a form brings: part `data`, with `valueType` (Bytes unless said) or `type` (a Java class)."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise http_error(415)
    settings = request.app.state.settings
    async with request.form(max_part_size=settings.max_body_bytes) as form:
        content, content_type, file_name = await _data(form)
        java_class = form.get("type")
        if isinstance(java_class, str):
            return _object(name, content, content_type, java_class)
        value_type = form.get("valueType")
        if isinstance(value_type, UploadFile):
            value_type = (await value_type.read()).decode("utf-8", "replace")
    return read_variable(name, _entry(content, content_type, file_name, value_type or "Bytes"))


async def _data(form: FormData) -> tuple[bytes, str | None, str | None]:
    part = form.get("data")
    if part is None:
        raise invalid_request("the form needs a part 'data'")
    if isinstance(part, str):
        return part.encode(), None, None
    return await part.read(), part.content_type, part.filename


def _object(name: str, content: bytes, content_type: str | None, java_class: str) -> Value:
    if not is_json(content_type or ""):
        raise invalid_request(f"Unrecognized content type for serialized java type: {content_type}")
    decode(content)
    info = {"objectTypeName": java_class, "serializationDataFormat": JSON_FORMAT}
    return read_variable(name, {"type": "Object", "value": content.decode(), "valueInfo": info})


def _entry(content: bytes, content_type: str | None, file_name: str | None, value_type: str) -> dict[str, Any]:
    mime_type, _, parameters = (content_type or "application/octet-stream").partition(";")
    given = dict(_parameter(text) for text in parameters.split(";") if "=" in text)
    info: dict[str, Any] = {"filename": file_name, "mimeType": mime_type.strip()}
    if "encoding" in given:
        info["encoding"] = given["encoding"]
    info["transient"] = given.get("transient") == "true"
    return {"type": value_type, "value": base64.b64encode(content).decode(), "valueInfo": info}


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')
