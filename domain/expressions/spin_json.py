"""Camunda Spin's JSON nodes, as `Json` variables and `JSON('…')` give them to expressions: read only."""

from __future__ import annotations

import re
from typing import ClassVar

import msgspec

from domain.expressions.failures import Failure, MethodFailed
from domain.expressions.java_numbers import boxed, double_text
from domain.expressions.json_path import JsonPath, PathNotCompiled, PathNotFound

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
ESCAPED = re.compile(r'["\\\x00-\x1f]')
UNREAD = object()


def unable_to_parse() -> str:
    return "SPIN/JACKSON-JSON-01001 Unable to parse input into json node"


def _quoted(text: str) -> str:
    return '"' + ESCAPED.sub(lambda found: ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}", text) + '"'


def _written(data: object) -> str:
    """Write as Jackson does, without blanks."""
    if isinstance(data, str):
        return _quoted(data)
    if isinstance(data, dict):
        return "{" + ",".join(f"{_quoted(key)}:{_written(item)}" for key, item in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ",".join(map(_written, data)) + "]"
    if isinstance(data, float):
        return double_text(data)
    return {None: "null", True: "true", False: "false"}[data] if data is None or isinstance(data, bool) else str(data)


def _kind(data: object) -> str:
    """Return Jackson's name of the node's type."""
    if isinstance(data, bool):
        return "BOOLEAN"
    kinds = {dict: "OBJECT", list: "ARRAY", str: "STRING", int: "NUMBER", float: "NUMBER"}
    return kinds.get(type(data), "NULL")


class JsonNode:
    """A JSON value. The text of a variable is parsed when an expression looks inside."""

    __slots__ = ("_data", "_source", "weight")
    java_class: ClassVar[str] = "org.camunda.spin.impl.json.jackson.JacksonJsonNode"

    def __init__(self, source: str = "", data: object = UNREAD, weight: int = 0) -> None:
        self._source = source
        self._data = data
        self.weight = weight or 1 + len(source) // 8
        """The work of looking through the whole document."""

    @classmethod
    def parse(cls, text: str) -> JsonNode:
        """Read the text of `JSON('…')` at once."""
        node = cls(text)
        try:
            node.data()
        except Failure:
            raise MethodFailed(f"org.camunda.spin.json.SpinJsonDataFormatException: {unable_to_parse()}") from None
        return node

    def data(self) -> object:
        """Return the content as dicts, lists and plain values."""
        if self._data is UNREAD:
            try:
                self._data = msgspec.json.decode(self._source)
            except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
                raise Failure(f"Cannot deserialize object: {unable_to_parse()}") from None
        return self._data

    def text(self) -> str:
        return _written(self.data())

    def prop(self, name: str) -> JsonNode:
        data = self.data()
        if not isinstance(data, dict) or name not in data:
            raise MethodFailed(f"org.camunda.spin.json.SpinJsonPropertyException: SPIN/JACKSON-JSON-01004 Unable to find '{name}'")
        return JsonNode(data=data[name], weight=self.weight)

    def has_prop(self, name: str) -> bool:
        data = self.data()
        return isinstance(data, dict) and name in data

    def is_kind(self, *kinds: str) -> bool:
        return _kind(self.data()) in kinds

    def value_of(self, wanted: str, *kinds: str) -> object:
        """Return the plain value, refusing nodes that are not of one of the kinds."""
        data = self.data()
        if _kind(data) not in kinds:
            raise MethodFailed(
                f"org.camunda.spin.json.SpinJsonDataFormatException: SPIN/JACKSON-JSON-01002 Expected '{wanted}', got '{_kind(data)}'"
            )
        return boxed(data) if type(data) is int else data

    def elements(self) -> list[JsonNode]:
        items = self.value_of("SpinList", "ARRAY")
        return [JsonNode(data=item, weight=self.weight) for item in items] if isinstance(items, list) else []

    def field_names(self) -> list[str]:
        fields = self.value_of("Array", "OBJECT")
        return list(fields) if isinstance(fields, dict) else []

    def json_path(self, path: str) -> JsonPathQuery:
        try:
            compiled = JsonPath(path)
        except PathNotCompiled:
            raise MethodFailed(
                f"org.camunda.spin.json.SpinJsonPathException: SPIN/JACKSON-JSON-01014 Unable to compile '{path}'!"
                " Allowed are members, indexes, [*], .* and one ..name"
            ) from None
        return JsonPathQuery(self, compiled)


class JsonPathQuery:
    """What `jsonPath('…')` gives: the node, or the nodes, at the end of a path."""

    __slots__ = ("_node", "_path", "weight")
    java_class: ClassVar[str] = "org.camunda.spin.impl.json.jackson.query.JacksonJsonPathQuery"

    def __init__(self, node: JsonNode, path: JsonPath) -> None:
        self._node = node
        self._path = path
        self.weight = node.weight

    def element(self) -> JsonNode:
        try:
            found = self._path.find(self._node.data())
        except PathNotFound:
            raise MethodFailed(
                "org.camunda.spin.json.SpinJsonPathException: SPIN/JACKSON-JSON-01013 Unable to evaluate JsonPath expression"
                " on element 'org.camunda.spin.impl.json.jackson.JacksonJsonNode'"
            ) from None
        return JsonNode(data=found[0] if self._path.definite else found, weight=self.weight)

    def element_list(self) -> list[JsonNode]:
        return self.element().elements()

    def value_of(self, wanted: str, *kinds: str) -> object:
        return self.element().value_of(wanted, *kinds)
