"""Which definitions may make decisions long."""

from __future__ import annotations

import pytest

from api.engine.long_definitions import may_take_long
from api.engine.long_work import LONG
from domain.commands import ResourceFile
from domain.elements import ProcessDefinition
from domain.parsing import parse_model
from tests.integration.models import CHAIN, LOOP, ORDER, USER, mapping, model, parallel, scope, task

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
        parallel("many", LONG),
        model("calling", scope("start > work > end", task("work", mapping(value="${text.matches('a*')}")))),
        model("calling-on-a-flow", scope("start > one > other > end; one > work ? ${text.length() > 5}; work > end", GATEWAYS)),
        model("round", scope("start > one > other > one", GATEWAYS)),
        model("round-to-itself", scope("start > one > one", '<exclusiveGateway id="one"/>')),
        model("round-by-an-error", scope("start > inner > end; caught > inner", CATCHING)),
    ],
    ids=lambda file: file.name,
)
def test_hostile_ones_may(file: ResourceFile) -> None:
    assert may_take_long(definition(file))
