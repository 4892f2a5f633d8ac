"""The allow-list: which methods and properties of which objects an expression may use. Nothing of Python is reachable through it."""

from __future__ import annotations

from domain.expressions import plain_methods, text_methods
from domain.expressions.coercion import java_class, to_long, to_text
from domain.expressions.conversion import from_value
from domain.expressions.evaluation import Evaluation, bounded
from domain.expressions.failures import Failure, UnknownMethod, UnknownProperty
from domain.expressions.objects import Bean, Character, Date, DateTime, Integer, LinkedMap, Short
from domain.expressions.operators import same
from domain.expressions.signatures import ArgumentMismatch, Method, Methods, Parameter, coerced
from domain.expressions.spin_json import JsonNode, JsonPathQuery
from domain.expressions.spin_xml import XmlAttribute, XmlElement, XPathQuery
from domain.expressions.stored import opened
from domain.values import Value

TEXT = Parameter.TEXT
PLAIN_KINDS = ("STRING", "NUMBER", "BOOLEAN", "NULL")

JSON_METHODS: Methods = {
    ("prop", 1): Method(JsonNode.prop, (TEXT,)),
    ("hasProp", 1): Method(JsonNode.has_prop, (TEXT,)),
    ("value", 0): Method(lambda node: node.value_of("String/Number/Boolean/Null", *PLAIN_KINDS)),
    ("stringValue", 0): Method(lambda node: node.value_of("String", "STRING")),
    ("numberValue", 0): Method(lambda node: node.value_of("Number", "NUMBER")),
    ("boolValue", 0): Method(lambda node: node.value_of("Boolean", "BOOLEAN")),
    ("elements", 0): Method(JsonNode.elements),
    ("fieldNames", 0): Method(JsonNode.field_names),
    ("jsonPath", 1): Method(JsonNode.json_path, (TEXT,)),
    ("isObject", 0): Method(lambda node: node.is_kind("OBJECT")),
    ("isArray", 0): Method(lambda node: node.is_kind("ARRAY")),
    ("isString", 0): Method(lambda node: node.is_kind("STRING")),
    ("isNumber", 0): Method(lambda node: node.is_kind("NUMBER")),
    ("isBoolean", 0): Method(lambda node: node.is_kind("BOOLEAN")),
    ("isNull", 0): Method(lambda node: node.is_kind("NULL")),
    ("isValue", 0): Method(lambda node: node.is_kind(*PLAIN_KINDS)),
}
JSON_PATH_METHODS: Methods = {
    ("element", 0): Method(JsonPathQuery.element),
    ("elementList", 0): Method(JsonPathQuery.element_list),
    ("stringValue", 0): Method(lambda query: query.value_of("String", "STRING")),
    ("numberValue", 0): Method(lambda query: query.value_of("Number", "NUMBER")),
    ("boolValue", 0): Method(lambda query: query.value_of("Boolean", "BOOLEAN")),
}
XML_METHODS: Methods = {
    ("name", 0): Method(XmlElement.name),
    ("namespace", 0): Method(XmlElement.namespace),
    ("textContent", 0): Method(XmlElement.text_content),
    ("attr", 1): Method(XmlElement.attribute, (TEXT,)),
    ("hasAttr", 1): Method(XmlElement.has_attribute, (TEXT,)),
    ("attrs", 0): Method(XmlElement.attributes),
    ("attrNames", 0): Method(XmlElement.attribute_names),
    ("childElement", 1): Method(XmlElement.child_named, (TEXT,)),
    ("childElement", 2): Method(XmlElement.child_of, (TEXT, TEXT)),
    ("childElements", 0): Method(XmlElement.children),
    ("childElements", 1): Method(XmlElement.children_named, (TEXT,)),
    ("childElements", 2): Method(XmlElement.children_of, (TEXT, TEXT)),
    ("xPath", 1): Method(XmlElement.xpath, (TEXT,)),
}
XML_ATTRIBUTE_METHODS: Methods = {
    ("value", 0): Method(lambda attribute: attribute.content),
    ("name", 0): Method(lambda attribute: attribute.name),
}
XPATH_METHODS: Methods = {
    ("element", 0): Method(XPathQuery.element),
    ("elementList", 0): Method(XPathQuery.elements),
    ("attribute", 0): Method(XPathQuery.attribute),
    ("attributeList", 0): Method(XPathQuery.attributes),
    ("string", 0): Method(XPathQuery.string),
    ("number", 0): Method(XPathQuery.number),
    ("bool", 0): Method(XPathQuery.boolean),
}
OBJECT_METHODS: Methods = {
    ("equals", 1): Method(same, (Parameter.ANY,)),
    ("toString", 0): Method(to_text),
}
METHODS: dict[type, Methods] = {
    kind: {**OBJECT_METHODS, **methods}
    for kind, methods in {
        str: text_methods.TEXT_METHODS,
        int: plain_methods.NUMBER_METHODS,
        Integer: plain_methods.NUMBER_METHODS,
        Short: plain_methods.NUMBER_METHODS,
        float: plain_methods.DOUBLE_METHODS,
        bool: plain_methods.BOOLEAN_METHODS,
        Character: plain_methods.CHARACTER_METHODS,
        list: plain_methods.LIST_METHODS,
        dict: plain_methods.MAP_METHODS,
        LinkedMap: plain_methods.MAP_METHODS,
        Date: plain_methods.DATE_METHODS,
        DateTime: plain_methods.DATE_TIME_METHODS,
        JsonNode: JSON_METHODS,
        JsonPathQuery: JSON_PATH_METHODS,
        XmlElement: XML_METHODS,
        XmlAttribute: XML_ATTRIBUTE_METHODS,
        XPathQuery: XPATH_METHODS,
    }.items()
}


def call(evaluation: Evaluation, target: object, name: str, arguments: list[object]) -> object:
    """Call a method of an object that is not null."""
    target = opened(target)
    if isinstance(target, Bean):
        return _call_bean(target, name, arguments)
    method = METHODS.get(type(target), OBJECT_METHODS).get((name, len(arguments)))
    if method is None:
        raise _no_method(target, name, arguments)
    evaluation.spend(1 + _size(target) + sum(map(_size, arguments)))
    try:
        taken = [coerced(parameter, argument) for parameter, argument in zip(method.parameters, arguments, strict=True)]
        result = method.call(target, *taken, spend=evaluation.spend) if method.metered else method.call(target, *taken)
    except ArgumentMismatch:
        raise _no_method(target, name, arguments) from None
    evaluation.spend(_size(result))
    return result


def _size(value: object) -> int:
    if isinstance(value, str):
        bounded(len(value))
        return len(value)
    if isinstance(value, (JsonPathQuery, XPathQuery)):
        return value.weight
    return len(value) if isinstance(value, (list, tuple, dict)) else 1


def _no_method(target: object, name: str, arguments: list[object]) -> UnknownMethod:
    classes = ", ".join("null" if argument is None else java_class(argument) for argument in arguments)
    return UnknownMethod(f"Method not found: class {java_class(target)}.{name}({classes})")


def _call_bean(bean: Bean, name: str, arguments: list[object]) -> object:
    method = bean.methods.get(name)
    try:
        if method is not None:
            return method(*arguments)
        if not arguments:
            return bean.read(_property_of(name))
    except (TypeError, KeyError):
        pass
    raise _no_method(bean, name, arguments)


def _property_of(getter: str) -> str:
    """Return the property that `getName` or `isName` reads."""
    for prefix in ("get", "is"):
        bare = getter.removeprefix(prefix)
        if bare != getter and bare[:1].isupper():
            return bare[0].lower() + bare[1:]
    raise KeyError(getter)


def read_property(evaluation: Evaluation, target: object, key: object) -> object:
    """Read a property, an element or an entry of an object that is not null."""
    target = opened(target)
    if isinstance(target, dict):
        return plain_methods.entry(target, key)
    if isinstance(target, (list, tuple, bytes)):
        return _element(target, key)
    name = to_text(key)
    if isinstance(target, Bean) and name in target.properties:
        return target.read(name)
    if isinstance(target, Value) and name == "value":
        return from_value(target)
    for getter in (f"get{name[:1].upper()}{name[1:]}", f"is{name[:1].upper()}{name[1:]}"):
        if (getter, 0) in METHODS.get(type(target), OBJECT_METHODS):
            return call(evaluation, target, getter, [])
    raise UnknownProperty(f"The class '{java_class(target)}' does not have the property '{name}'.")


def _element(items: list[object] | tuple[object, ...] | bytes, key: object) -> object:
    """Return the element at an index, None when the list is shorter."""
    if key is None:
        return None
    if isinstance(key, bool):
        raise Failure("null")
    try:
        index = to_long(key)
    except Failure:
        raise Failure(f'For input string: "{to_text(key)}"') from None
    if not 0 <= index < len(items):
        return None
    return Integer(items[index]) if isinstance(items, bytes) else items[index]
