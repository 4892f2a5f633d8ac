"""Expressions that try to break out, or to keep the engine busy for ever."""

from __future__ import annotations

from html import escape

from tests.integration.models import mapping, model, scope, task

LONG = {"value": "a" * 1_000_000}
ITEMS = {"type": "Json", "value": "[" + ",".join(['{"b":"x"}'] * 40_000) + "]"}
DEEP = {"type": "Json", "value": "[" * 100_000 + "]" * 100_000}
UNKNOWN, FAILED = "Unknown {} used in expression: ", "Error while evaluating expression: "

AT_DEPLOYMENT = {
    "an import": "${__import__('os').system('id')}",
    "a power": "${9**9**9}",
    "a call of nothing": "${()()}",
    "10,000 parentheses": "${" + "(" * 10_000 + "1" + ")" * 10_000 + "}",
    "10,000 negations": "${" + "!" * 10_000 + "true}",
    "5,000 brackets": "${a" + "[a" * 5000 + "]" * 5000 + "}",
    "50,000 sums": "${" + "1+" * 50_000 + "1}",
    "10,000 expressions": "${1}" * 10_000,
    "a number of 5,000 digits": "${" + "9" * 5000 + "}",
    "a lambda": "${(x -> x)(1)}",
    "an assignment": "${a = 1}",
    "not closed": "${1",
    "a text that is not closed": "${'a",
    "NUL": "${'\\u0000'}",
}
AT_START = {
    "a class": ("${''.class.forName('java.lang.Runtime')}", UNKNOWN.format("property")),
    "the class's method": ("${''.getClass().forName('java.lang.Runtime')}", UNKNOWN.format("method")),
    "Python's classes": ("${''.__class__.__mro__[1].__subclasses__()}", UNKNOWN.format("property")),
    "Python's format": ("${'{0.__class__}'.format(1)}", UNKNOWN.format("method")),
    "the engine": ("${execution.getProcessEngineServices().getRuntimeService()}", UNKNOWN.format("method")),
    "the engine as a property": ("${execution.engineServices}", UNKNOWN.format("property")),
    "a thousand million times a": ("${'a'.repeat(1000000000)}", FAILED),
    "twice a long text": ("${long.concat(long)}", FAILED),
    "a long text in each place of a long text": ("${long.replace('a', long)}", FAILED),
    "a text times a number": ("${'a' * 1000000000}", FAILED),
    "a pattern in a pattern": ("${long.matches('((a{1000}){1000}){1000}')}", FAILED),
    "a document that is too deep": ("${deep.isArray()}", FAILED),
    "entities": ("${XML('<!DOCTYPE l [<!ENTITY a \"b\">]><l>&a;</l>').textContent()}", "org.camunda.spin.xml.SpinXmlDataFormatException: "),
    "a remainder of nothing": ("${5 % 0}", FAILED),
}

LABORIOUS = {
    "a pattern that goes back for ever": "${long.matches('(a|a)*b')}",
    "a pattern of repeated patterns": "${long.replaceAll('a*a*a*b', '')}",
    "a pattern everywhere": "${long.split('')}",
    "a path into everything, again and again": "${" + " + ".join(["items.jsonPath('$..b').elementList().size()"] * 100) + "}",
}
"""Refused only after as much work as one expression may do."""

VARIABLES = {"long": LONG, "items": ITEMS, "deep": DEEP}
"""What they are about."""


def model_with(key: str, expression: str, place: str) -> bytes:
    """A process with an expression in one place."""
    written = escape(expression)
    work = task("work", topic=written) if place == "topic" else task("work", mapping(value=written))
    return model(key, scope("start > work > end", work)).content


RESTLESS = model("restless", scope("start > round > about > round", '<exclusiveGateway id="round"/><exclusiveGateway id="about"/>'))
"""A process that never comes to rest."""
