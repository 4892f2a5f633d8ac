"""What the API's description says of requests that routes read by themselves: query parameters and JSON bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from api.rest.query_params import DATE, FLAG, INTEGER, LONG, Kind

_TEXT = {"type": "string"}
_SCHEMAS: tuple[tuple[tuple[Kind, ...], dict[str, Any]], ...] = (
    ((FLAG,), {"type": "boolean"}),
    ((INTEGER,), {"type": "integer", "format": "int32"}),
    ((LONG,), {"type": "integer", "format": "int64"}),
    ((DATE,), {"type": "string", "example": "2015-10-06T16:34:42.000+0200"}),
)
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
    properties = {name: _schema(kind) for name, kind in kinds.items()} | {"sorting": {"type": "array", "items": entry}}
    return {**takes_parameters(_PAGING), **_body("application/json", {"type": "object", "properties": properties})}


def takes_body(model: type[BaseModel]) -> dict[str, Any]:
    """A JSON body."""
    schema = model.model_json_schema()
    return _body("application/json", _resolved(schema, schema.pop("$defs", {})))


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A schema that stands for itself: what it refers to stands in its place."""
    if isinstance(schema, list):
        return [_resolved(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _resolved(item, definitions) for name, item in schema.items()}


def takes_form(texts: Iterable[str]) -> dict[str, Any]:
    """A multipart form of some texts and any number of files."""
    properties = {name: _TEXT for name in texts}
    files = {"type": "string", "format": "binary"}
    return _body("multipart/form-data", {"type": "object", "properties": properties, "additionalProperties": files})


def _body(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    listed = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **listed}


def _sorting(keys: Iterable[str]) -> dict[str, Any]:
    names = sorted(keys)
    return {"sortBy": {**_TEXT, "enum": names}, "sortOrder": {**_TEXT, "enum": ["asc", "desc"]}} if names else {}


def _schema(kind: Kind) -> dict[str, Any]:
    if kind.listed:
        return {"type": "array", "items": _TEXT}
    return next((schema for kinds, schema in _SCHEMAS if kind in kinds), _TEXT)
