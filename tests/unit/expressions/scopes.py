"""A process instance's scope as expressions see it: the variables of the recorded scenarios unless a test says otherwise."""

from __future__ import annotations

from domain.elements import ListValue, MapValue
from domain.expressions import Bean, Expression, from_value
from domain.expressions.parameters import evaluate_parameter
from domain.values import NULL, Value

JAVA_FORMAT = "application/x-java-serialized-object"
NOW = 1_706_933_106_789
"""2024-02-03T04:05:06.789Z"""
VARIABLES = {
    "a": Value("Integer", 7),
    "b": Value("Integer", 2),
    "s": Value("String", "abc"),
    "t": Value("Boolean", True),
    "d": Value("Double", 2.5),
    "l": Value("Long", 5),
    "n": NULL,
    "js": Value("Json", '{"n":1,"s":"t","b":true,"o":{"x":3},"l":[1,2]}'),
}


class Scope:
    """A context whose `execution` has the id `e` in the instance `i`."""

    def __init__(self, variables: dict[str, Value] | None = None, user: str | None = None) -> None:
        self.now = NOW
        self.authenticated_user = user
        self.variables = variables or {}

    def variable(self, name: str) -> Value | None:
        return self.variables.get(name)

    def bean(self, name: str) -> Bean | None:
        return self._execution() if name == "execution" else None

    def _execution(self) -> Bean:
        return Bean(
            properties={
                "id": "e",
                "processInstanceId": "i",
                "processBusinessKey": "bk",
                "businessKey": "bk",
                "currentActivityId": None,
                "currentActivityName": None,
                "eventName": None,
                "tenantId": None,
                "variableNames": lambda: sorted(self.variables),
            },
            methods={
                "getVariable": self._value,
                "getVariableTyped": self.variable,
                "hasVariable": lambda name: name in self.variables,
                "hasVariableLocal": lambda name: False,
            },
        )

    def _value(self, name: str) -> object:
        value = self.variable(name)
        return None if value is None else from_value(value)


def recorded(**more: Value) -> Scope:
    """The scope of the recorded scenarios, with `list` and `map` made by a sub-process's mapping."""
    parse, nothing = Expression.parse, Scope()
    collections = {
        "list": evaluate_parameter(ListValue((parse("x"), parse("y"))), nothing),
        "map": evaluate_parameter(MapValue(((parse("k"), parse("v")),)), nothing),
    }
    return Scope({**VARIABLES, **collections, **more})


def result(text: str, scope: Scope | None = None) -> Value:
    """Return the variable that an input parameter of that text makes."""
    return evaluate_parameter(Expression.parse(text), scope or recorded())
