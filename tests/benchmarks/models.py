"""The processes that benchmarks run, and the variables that their clients send."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from api.rest.variables import read_variables
from domain.values import Value

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="bench">
<process id="{key}" isExecutable="true" camunda:historyTimeToLive="P30D"><startEvent id="start"/>{content}</process></definitions>"""
_FLOW = '<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'
_TASK = '<serviceTask id="{id}" camunda:type="external" camunda:topic="{topic}"/>'

DONE = {"approved": {"value": True, "type": "Boolean"}, "amount": {"value": 12.5, "type": "Double"}}
"""The variables that a worker completes a task with."""


class Model(NamedTuple):
    key: str
    topics: tuple[str, ...]
    xml: str


def chain(key: str, tasks: int = 3) -> Model:
    """External tasks in a row, each on a topic of its own."""
    topics = tuple(f"{key}-{number}" for number in range(1, tasks + 1))
    ids = ["start", *(f"task{number}" for number in range(1, tasks + 1)), "end"]
    nodes = "".join(_TASK.format(id=id, topic=topic) for id, topic in zip(ids[1:-1], topics, strict=True))
    flows = "".join(_FLOW.format(source=source, target=target) for source, target in pairwise(ids))
    return _model(key, topics, f'{nodes}<endEvent id="end"/>{flows}')


def fork(key: str, branches: int) -> Model:
    """External tasks side by side on one topic, between two parallel gateways."""
    inner = "".join(
        _FLOW.format(source="fork", target=f"task{n}")
        + _TASK.format(id=f"task{n}", topic=key)
        + _FLOW.format(source=f"task{n}", target="join")
        for n in range(1, branches + 1)
    )
    gateways = '<parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="end"/>'
    ends = _FLOW.format(source="start", target="fork") + _FLOW.format(source="join", target="end")
    return _model(key, (key,), f"{gateways}{inner}{ends}")


def loop(key: str) -> Model:
    """One external task that follows itself for ever: whoever completes it leaves as many open tasks as there were."""
    flows = _FLOW.format(source="start", target="work") + _FLOW.format(source="work", target="work")
    return _model(key, (key,), _TASK.format(id="work", topic=key) + flows)


def chosen(key: str) -> Model:
    """One external task, whose topic is the variable `topic` of its instance."""
    flows = _FLOW.format(source="start", target="work") + _FLOW.format(source="work", target="end")
    return _model(key, (), f'{_TASK.format(id="work", topic="${topic}")}<endEvent id="end"/>{flows}')


def _model(key: str, topics: tuple[str, ...], content: str) -> Model:
    return Model(key, topics, _DOCUMENT.format(key=key, content=content))


def order(number: int) -> dict[str, Any]:
    """The body of a start over HTTP."""
    return {
        "businessKey": f"bk-{number}",
        "variables": {
            "orderId": {"value": number, "type": "Long"},
            "name": {"value": f"customer {number}", "type": "String"},
        },
    }


def order_values(number: int) -> dict[str, Value]:
    """The variables of a start, as the engine takes them."""
    return read_variables(order(number)["variables"])


def done_values() -> dict[str, Value]:
    """The variables of a completion, as the engine takes them."""
    return read_variables(DONE)
