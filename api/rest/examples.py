"""Examples for the API's description: by a property's name where it says what the value is, else by its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DEFINITION = "aKey:1:0192e1c2-5b7a-7c3e-8f00-1a2b30000002"
_INSTANCE = "0192e1c2-5b7a-7c3e-8f00-1a2b40000000"
_EXECUTION = "0192e1c2-5b7a-7c3e-8f00-1a2b40000009"
_DATE = "2015-10-06T16:34:42.000+0200"
_ACTIVITY = "anActivity:0192e1c2-5b7a-7c3e-8f00-1a2b40000008"

BY_NAME: Mapping[str, Any] = {
    "id": "0192e1c2-5b7a-7c3e-8f00-1a2b4000000a",
    "processInstanceId": _INSTANCE,
    "rootProcessInstanceId": _INSTANCE,
    "executionId": _EXECUTION,
    "processDefinitionId": _DEFINITION,
    "definitionId": _DEFINITION,
    "activityInstanceId": _ACTIVITY,
    "parentActivityInstanceId": _INSTANCE,
    "deploymentId": "0192e1c2-5b7a-7c3e-8f00-1a2b30000000",
    "workerId": "aWorker",
    "activityId": "anActivity",
    "activityIdIn": ["anActivity"],
    "tenantId": "aTenant",
    "tenantIdIn": ["aTenant"],
    "userId": "aUser",
    "groupId": "aGroup",
    "caseInstanceId": None,
    "duedate": _DATE,
    "retries": 3,
    "lockDuration": 60_000,
    "newDuration": 60_000,
    "version": 1,
    "count": 1,
    "maxResults": 50,
    "firstResult": 0,
    "operator": "eq",
    "sortOrder": "asc",
    "type": "Integer",
    "value": 42,
    "valueInfo": {},
    "duration": 86_400_000,
}
"""Names as on the wire."""
_ENDS: Mapping[str, Any] = {
    "Id": _EXECUTION,
    "Ids": [_EXECUTION],
    "IdIn": [_EXECUTION],
    "Time": _DATE,
    "Date": _DATE,
    "Url": "http://127.0.0.1",
}
_PLAIN: Mapping[str, Any] = {"integer": 1, "number": 1.5, "boolean": True, "null": None}


class Examples:
    """Makes examples of schemas that may refer to `components`."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components
        self._open: list[str] = []
        """Components whose example is in the making: one inside itself is left out."""

    def of(self, schema: Mapping[str, Any], name: str = "") -> Any:
        """An example of a schema, which may be what is called `name`."""
        if "$ref" in schema:
            return self._of_component(schema["$ref"].rpartition("/")[2], name)
        for given in ("const", "example"):
            if schema.get(given) is not None:
                return schema[given]
        if given_list := schema.get("examples") or schema.get("enum"):
            return given_list[0]
        for choice in schema.get("anyOf", ()):
            if choice.get("type") != "null":
                return self.of(choice, name)
        return self._by_type(schema, name)

    def _of_component(self, component: str, name: str) -> Any:
        if component in self._open:
            return {}
        self._open.append(component)
        try:
            return self.of(self._components[component], name)
        finally:
            self._open.pop()

    def _by_type(self, schema: Mapping[str, Any], name: str) -> Any:
        kind = schema.get("type")
        named = _named(name)
        if named is not None and (kind is None or _is(kind, named)):
            return named
        if "default" in schema:
            return schema["default"]
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return [] if self._recurs(schema["items"]) else [self.of(schema["items"], name)]
        return _PLAIN.get(str(kind), _text(name))

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        properties = schema.get("properties", {})
        if properties:
            return {name: self.of(part, name) for name, part in properties.items() if not self._recurs(part)}
        more = schema.get("additionalProperties")
        return {"aName": self.of(more)} if isinstance(more, dict) else {}

    def _recurs(self, schema: Mapping[str, Any]) -> bool:
        return schema.get("$ref", "").rpartition("/")[2] in self._open


def _named(name: str) -> Any:
    if name in BY_NAME:
        return BY_NAME[name]
    return next((value for end, value in _ENDS.items() if name.endswith(end)), None)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    **{"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict},
}


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, _TYPES.get(kind, ())) and isinstance(value, bool) == (kind == "boolean")


def _text(name: str) -> str:
    return f"a{name[:1].upper()}{name[1:]}" if name else "aText"
