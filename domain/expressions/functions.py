"""The functions that every expression may call without an object."""

from __future__ import annotations

from collections.abc import Callable

from domain.expressions.coercion import java_class
from domain.expressions.evaluation import Evaluation
from domain.expressions.failures import MethodFailed
from domain.expressions.objects import Date, DateTime
from domain.expressions.spin_json import JsonNode
from domain.expressions.spin_xml import XmlElement


def _spin(evaluation: Evaluation, source: object) -> object:
    """Read JSON or XML; a node stays as it is."""
    if isinstance(source, str) and source.lstrip()[:1] == "<":
        return _xml(evaluation, source)
    if isinstance(source, str) and source.lstrip()[:1] not in ("{", "["):
        raise MethodFailed("org.camunda.spin.spi.SpinDataFormatException: SPIN-01004 No matching data format detected")
    return source if isinstance(source, XmlElement) else _json(evaluation, source)


def _json(evaluation: Evaluation, source: object) -> object:
    return source if isinstance(source, JsonNode) else JsonNode.parse(_text(evaluation, source))


def _xml(evaluation: Evaluation, source: object) -> object:
    return source if isinstance(source, XmlElement) else XmlElement.parse(_text(evaluation, source))


def _text(evaluation: Evaluation, source: object) -> str:
    if source is None:
        raise MethodFailed("java.lang.IllegalArgumentException: UTILS-02001 Parameter 'parameter' is null")
    if not isinstance(source, str):
        raise MethodFailed(f"java.lang.IllegalArgumentException: SPIN-01001 Unsupported input of type '{java_class(source)}'")
    evaluation.spend(len(source))
    return source


FUNCTIONS: dict[str, tuple[int, Callable[..., object]]] = {
    "now": (0, lambda evaluation: Date(evaluation.context.now)),
    "dateTime": (0, lambda evaluation: DateTime(evaluation.context.now)),
    "currentUser": (0, lambda evaluation: evaluation.context.authenticated_user),
    "currentUserGroups": (0, lambda evaluation: None),
    "S": (1, _spin),
    "JSON": (1, _json),
    "XML": (1, _xml),
}
"""By name: how many arguments, and what is called with the evaluation and those."""
