"""What the API's description says of requests that routes read by themselves: query parameters and JSON bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel

from api.rest.query_params import DATE, FLAG, INTEGER, LONG, Kind

Answers: TypeAlias = dict[int | str, dict[str, Any]]

COMPONENT = "#/components/schemas/{model}"
_TEXT = {"type": "string"}
_FILE = {"type": "string", "format": "binary"}
_SCHEMAS: tuple[tuple[tuple[Kind, ...], dict[str, Any]], ...] = (
    ((FLAG,), {"type": "boolean"}),
    ((INTEGER,), {"type": "integer", "format": "int32"}),
    ((LONG,), {"type": "integer", "format": "int64"}),
    ((DATE,), {"type": "string", "example": "2015-10-06T16:34:42.000+0200"}),
)
_PARTS: Mapping[str, dict[str, Any]] = {
    "name": {**_TEXT, "example": "amount"},
    "operator": {**_TEXT, "example": "gt"},
    "value": {"example": "2015-10-06T16:34:42.000+0200"},
}
_PAGING = {"firstResult": {"type": "integer", "format": "int32"}, "maxResults": {"type": "integer", "format": "int32"}}


def takes_query(kinds: Mapping[str, Kind], sort_keys: Iterable[str] = ()) -> dict[str, Any]:
    """Filters, sorting and paging in the query string."""
    return takes_parameters({name: _schema(kind) for name, kind in kinds.items()} | _sorting(sort_keys) | _PAGING)


def takes_parameters(schemas: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Optional parameters in the query string; lists in it are separated by commas."""
    return {"parameters": [_parameter(name, schema) for name, schema in schemas.items()]}


def takes_filters(kinds: Mapping[str, Kind], sort_keys: Iterable[str]) -> dict[str, Any]:
    """Filters and sorting in a JSON body, paging in the query string."""
    entry = {"type": "object", "properties": _sorting(sort_keys)}
    properties = {name: _in_body(kind) for name, kind in kinds.items()} | {"sorting": {"type": "array", "items": entry}}
    return {**takes_parameters(_PAGING), **_body("application/json", {"type": "object", "properties": properties})}


def takes_body(model: type[BaseModel]) -> dict[str, Any]:
    """A JSON body. Models inside it stand in `$defs`; `api.rest.description` makes components of them, as references have it."""
    return _body("application/json", model.model_json_schema(ref_template=COMPONENT))


def components_of(model: type[BaseModel]) -> dict[str, Any]:
    """A model of an answer, and the models inside it, by their names."""
    schema = model.model_json_schema(ref_template=COMPONENT, mode="serialization")
    return {**schema.pop("$defs", {}), model.__name__: schema}


def reference(component: str) -> dict[str, str]:
    """A schema that is a component."""
    return {"$ref": COMPONENT.format(model=component)}


_BYTES = {media_type: {"schema": _FILE} for media_type in ("application/octet-stream", "*/*")}
BINARY: Answers = {200: {"description": "The content, of the media type that it came with", "content": _BYTES}}
TEXT_ANSWER: Answers = {
    200: {"description": "The text", "content": {"text/plain": {"schema": {"type": "string"}}}},
    204: {"description": "There is none"},
}


def takes_form(texts: Iterable[str], files: Iterable[str] = ()) -> dict[str, Any]:
    """A multipart form of some texts and some files; without names of files, any number of them."""
    named = {name: _FILE for name in files}
    more = {} if named else {"additionalProperties": _FILE}
    return _body("multipart/form-data", {"type": "object", "properties": {name: _TEXT for name in texts} | named, **more})


def _body(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    listed = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **listed}


def _sorting(keys: Iterable[str]) -> dict[str, Any]:
    names = sorted(keys)
    return {"sortBy": {**_TEXT, "enum": names}, "sortOrder": {**_TEXT, "enum": ["asc", "desc"]}} if names else {}


def _in_body(kind: Kind) -> dict[str, Any]:
    if not kind.parts:
        return _schema(kind)
    return {"type": "array", "items": {"type": "object", "properties": {part: _PARTS[part] for part in kind.parts}}}


def _schema(kind: Kind) -> dict[str, Any]:
    if kind.listed:
        return {"type": "array", "items": _TEXT}
    return next((schema for kinds, schema in _SCHEMAS if kind in kinds), _TEXT)
