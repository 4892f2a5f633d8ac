"""Which definitions may make decisions long."""

from __future__ import annotations

import pytest

from api.engine.long_definitions import may_take_long
from api.engine.long_work import LONG
from domain.commands import ResourceFile
from domain.elements import ProcessDefinition
from domain.parsing import parse_model
from tests.integration.models import (
    CHAIN,
    LOOP,
    ORDER,
    USER,
    boundary,
    catches,
    mapping,
    model,
    on_message,
    on_signal,
    on_time,
    parallel,
    scope,
    task,
    throws,
)

ROUND = "start > one > two > three > one"


def round_with(name: str, *elements: str) -> ResourceFile:
    """A loop through the elements `one`, `two` and `three`; those that are not given are exclusive gateways."""
    others = (f'<exclusiveGateway id="{id}"/>' for id in ("one", "two", "three") if not any(f'id="{id}"' in given for given in elements))
    return model(name, scope(ROUND, *elements, *others))


GATEWAYS = '<exclusiveGateway id="one"/><exclusiveGateway id="other"/>'
INNER = '<subProcess id="inner"><startEvent id="begin"/><sequenceFlow id="f" sourceRef="begin" targetRef="stop"/>'
CATCHING = (
    f'{INNER}<endEvent id="stop"><errorEventDefinition errorRef="error"/></endEvent></subProcess>'
    '<boundaryEvent id="caught" attachedToRef="inner"><errorEventDefinition/></boundaryEvent>'
)


def definition(file: ResourceFile) -> ProcessDefinition:
    """The one process of a file."""
    (found,) = parse_model(file.name, file.content)
    return found


@pytest.mark.parametrize("file", [CHAIN, LOOP, USER, ORDER, parallel("few", 50)], ids=lambda file: file.name)
def test_usual_ones_do_not(file: ResourceFile) -> None:
    assert not may_take_long(definition(file))


@pytest.mark.parametrize(
    "file",
    [
        round_with("message", catches("two", on_message("m"))),
        round_with("time", catches("two", on_time())),
        round_with("received", '<receiveTask id="two" messageRef="message-m"/>'),
        round_with("moved-on", '<receiveTask id="two"/>'),
        round_with("asynchronous-before", '<exclusiveGateway id="two" camunda:asyncBefore="true"/>'),
        round_with("asynchronous-behind", '<exclusiveGateway id="two" camunda:asyncAfter="true"/>'),
    ],
    ids=lambda file: file.name,
)
def test_a_loop_that_waits_for_something_does_not(file: ResourceFile) -> None:
    assert not may_take_long(definition(file))


@pytest.mark.parametrize(
    "file",
    [
        parallel("many", LONG),
        model("calling", scope("start > work > end", task("work", mapping(value="${text.matches('a*')}")))),
        model("calling-on-a-flow", scope("start > one > other > end; one > work ? ${text.length() > 5}; work > end", GATEWAYS)),
        model("round", scope("start > one > other > one", GATEWAYS)),
        model("round-to-itself", scope("start > one > one", '<exclusiveGateway id="one"/>')),
        round_with("round-by-a-signal", catches("two", on_signal("s")), throws("three", "s")),
        model(
            "round-by-a-signal-at-a-border",
            scope("start > work > end; told > loud > work", task("work"), boundary("told", "work", on_signal("s")), throws("loud", "s")),
        ),
        model("round-by-an-error", scope("start > inner > end; caught > inner", CATCHING)),
    ],
    ids=lambda file: file.name,
)
def test_hostile_ones_may(file: ResourceFile) -> None:
    assert may_take_long(definition(file))
