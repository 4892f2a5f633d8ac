"""JSON bodies: read leniently, refused with 400, 413 or 415 (REST contract §1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from api.rest.coercions import to_object
from api.rest.errors import http_error, invalid_request
from api.rest.nesting import DEEPEST, is_too_deep

_decode = msgspec.json.Decoder().decode
_NUL = "\0"
MOST_NESTED = 500_000
"""Objects and lists of one body: more would keep the event loop from answering for seconds."""


class JsonObject(BaseModel):
    """A request's body: camelCase on the wire, unknown properties ignored, fields of the types in `api.rest.coercions`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class JsonAnswer(BaseModel):
    """An answer's body, for the API's description; camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


M = TypeVar("M", bound=JsonObject)


def is_json(content_type: str) -> bool:
    """Tell whether a Content-Type header says JSON."""
    return content_type.partition(";")[0].strip().lower() == "application/json"


async def read_json(request: Request) -> Any:
    """Return the body's JSON value. A body that is missing or `null` is refused."""
    raw = await request.body()
    content_type = request.headers.get("content-type", "")
    if not is_json(content_type) and (raw or content_type):
        raise http_error(415)
    value = decode(raw)
    if value is None:
        raise invalid_request("the request needs a JSON body")
    return value


def decode(raw: bytes) -> Any:
    """Parse JSON; nothing at all is null."""
    if not raw:
        return None
    nested = raw.count(b"{") + raw.count(b"[")
    if nested > MOST_NESTED:
        raise invalid_request(f"the request's body has more than {MOST_NESTED} objects and lists")
    try:
        value = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise invalid_request(f"the request's body is not JSON: {error}") from None
    if nested > DEEPEST and is_too_deep(value):
        raise invalid_request(f"the request's body is nested deeper than {DEEPEST} levels")
    if b"\\u0000" in raw:
        refuse_nul(value)
    return value


def refuse_nul(value: Any) -> None:
    """Refuse texts with a NUL character: the database cannot hold them."""
    if isinstance(value, str) and _NUL in value:
        raise invalid_request("the request has a text with the character U+0000, which cannot be stored")
    if isinstance(value, list):
        for item in value:
            refuse_nul(item)
    if isinstance(value, dict):
        refuse_nul([*value, *value.values()])


async def read_object(request: Request) -> dict[str, Any]:
    """Return the body as a plain object: for the hot path, where the converters of `api.rest.coercions` are called by hand."""
    value = await read_json(request)
    if type(value) is not dict:
        raise invalid_request("the request's body: an object is due")
    return value


async def read_optional_object(request: Request) -> dict[str, Any]:
    """Return the body as a plain object; nothing at all, or `null`, is an empty one."""
    if await request.body() in (b"", b"null"):
        return {}
    return await read_object(request)


async def read_body(request: Request, model: type[M]) -> M:
    """Return the body as `model`."""
    return parse_body(await read_object(request), model)


def parse_body(value: Any, model: type[M]) -> M:
    """Return a JSON value as `model`, or refuse it with the first thing that is wrong."""
    try:
        return model.model_validate(to_object(value) or {})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in found["loc"])
        raise invalid_request(f"{where}: {found['msg'].removeprefix('Value error, ')}") from None


def field(body: Mapping[str, Any], name: str, convert: Any) -> Any:
    """Return one property of a plain object, converted by one of `api.rest.coercions`."""
    value = body.get(name)
    if value is None:
        return None
    try:
        return convert(value)
    except ValueError as error:
        raise invalid_request(f"{name}: {error}") from None
