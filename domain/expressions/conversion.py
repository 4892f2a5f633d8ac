"""Between variables as they are stored and what expressions compute with."""

from __future__ import annotations

from collections.abc import Callable

from domain.expressions.coercion import java_class
from domain.expressions.failures import Failure
from domain.expressions.java_serialization import UnwritableObject, java_text
from domain.expressions.objects import Date, Integer, Short
from domain.expressions.spin_json import JsonNode
from domain.expressions.spin_xml import XmlElement
from domain.expressions.stored import StoredObject
from domain.refusals import ExecutionFailed
from domain.values import NULL, Value

JAVA_FORMAT = "application/x-java-serialized-object"
OPENED: dict[str, Callable[[Value], object]] = {
    "Integer": lambda value: Integer(value.content) if isinstance(value.content, int) else None,
    "Short": lambda value: Short(value.content) if isinstance(value.content, int) else None,
    "Date": lambda value: Date(value.content) if isinstance(value.content, int) else None,
    "Json": lambda value: JsonNode(value.content) if isinstance(value.content, str) else None,
    "Xml": lambda value: XmlElement(value.content) if isinstance(value.content, str) else None,
    "Double": lambda value: float(value.content) if isinstance(value.content, int) else value.content,
    "Object": StoredObject,
}
OPENED_ONCE = frozenset(("Json", "Xml", "Object"))
"""Types that are costly to look into: an evaluation opens each variable once."""


def from_value(value: Value) -> object:
    """Return what an expression sees of a variable."""
    opens = OPENED.get(value.type)
    return opens(value) if opens else value.content


def to_value(result: object) -> Value:
    """Return the variable that Camunda makes of a result; raises ExecutionFailed for what it cannot store."""
    store = STORED.get(type(result))
    if store:
        return store(result)
    try:
        return Value("Object", java_text(result), {"objectTypeName": java_class(result), "serializationDataFormat": JAVA_FORMAT})
    except UnwritableObject as unwritable:
        raise ExecutionFailed(f"Cannot serialize object: {java_class(unwritable.found)}") from None


def _stored_again(value: Value) -> Value:
    """A typed result keeps its type; JSON and XML are written anew, as Camunda does."""
    if value.type not in ("Json", "Xml") or value.content is None:
        return value
    return to_value(from_value(value))


def _json(node: JsonNode) -> Value:
    return Value("Json", _text(node))


def _xml(element: XmlElement) -> Value:
    return Value("Xml", _text(element))


def _text(node: JsonNode | XmlElement) -> str:
    try:
        return node.text()
    except Failure as failure:
        raise ExecutionFailed(str(failure)) from None
    except RecursionError:
        raise ExecutionFailed("Cannot serialize object: it is nested too deeply") from None


STORED: dict[type, Callable[..., Value]] = {
    type(None): lambda _: NULL,
    bool: lambda flag: Value("Boolean", flag),
    int: lambda number: Value("Long", number),
    Integer: lambda number: Value("Integer", int(number)),
    Short: lambda number: Value("Short", int(number)),
    float: lambda number: Value("Double", number),
    str: lambda text: Value("String", text),
    bytes: lambda data: Value("Bytes", data),
    Date: lambda date: Value("Date", date.millis),
    JsonNode: _json,
    XmlElement: _xml,
    StoredObject: lambda stored: stored.value,
    Value: _stored_again,
}
