"""Where errors are: line and column just behind the start tag of the element concerned, whatever stands before it."""

from __future__ import annotations

import pytest

from domain.parsing import ModelRefused, Problem, parse_model
from domain.parsing.positions import Positions

START = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
"""
NO_TOPIC = "External tasks must specify a 'topic' attribute in the camunda namespace"


def first_problem(body: str) -> Problem:
    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", f"{START}{body}</definitions>".encode())
    return refused.value.errors[0]


@pytest.mark.parametrize(
    ("before", "task", "place"),
    [
        ("", '<serviceTask id="x" c:type="external"/>', (4, 40)),
        ("  ", '<serviceTask id="x" c:type="external"></serviceTask>', (4, 41)),
        ("<!-- a <b> c -->\n", '<serviceTask id="x" c:type="external"/>', (5, 40)),
        ("<!-- a\n\n -->", '<serviceTask id="x" c:type="external"/>', (6, 44)),
        ('<task id="y" name="a > b"/>', '<serviceTask id="x" c:type="external"/>', (4, 67)),
        ("<task id='y' name='\"'/>", "<serviceTask id='x' name='>\"' c:type='external'/>", (4, 73)),
        ('<task id="y"><documentation><![CDATA[<c>\n<d>]]></documentation></task>', '<serviceTask id="x" c:type="external"/>', (5, 69)),
        ("<?pi <c> ?>", '<serviceTask id="x" c:type="external"/>', (4, 51)),
        ("", '<serviceTask\n id="x"\n c:type="external"\n/>', (7, 3)),
        ('<task id="ä" name="5 €"/>', '<serviceTask id="x" c:type="external"/>', (4, 65)),
    ],
)
def test_an_error_stands_behind_the_start_tag(before: str, task: str, place: tuple[int, int]) -> None:
    body = f'<process id="p" isExecutable="true"><startEvent id="start"/>\n{before}{task}</process>'

    assert first_problem(body) == Problem(NO_TOPIC, *place, "x", ("x",))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_of_the_usual_ways(ends: str) -> None:
    body = ['<process id="p" isExecutable="true">', '<startEvent id="s"/>', '<serviceTask id="x" c:type="external"/>']
    text = ends.join([*START.splitlines(), *body])

    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", f"{text}</process></definitions>".encode())

    assert refused.value.errors == (Problem(NO_TOPIC, 5, 40, "x", ("x",)),)


def test_an_error_of_the_process_stands_behind_its_start_tag() -> None:
    problem = first_problem('<process id="p" isExecutable="true"/>')

    assert problem == Problem("process must define a startEvent element", 3, 38, "p", ("p",))


def test_a_reference_to_nothing_is_found_at_the_end_of_the_file() -> None:
    body = '<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="ghost"/></process>\n'

    problem = first_problem(body)

    assert problem == Problem("cvc-id.1: There is no ID/IDREF binding for IDREF 'ghost'.", 4, 15)


def test_a_gateways_flows_are_checked_where_no_place_is_known_any_more() -> None:
    body = '<process id="p" isExecutable="true"><startEvent id="s"/><exclusiveGateway id="x"/></process>'

    assert first_problem(body) == Problem("Exclusive Gateway 'x' has no outgoing sequence flows.", 0, 0, "x", ("x",))


def test_all_errors_of_a_file_are_told_together_and_in_one_message() -> None:
    tasks = '<serviceTask id="x" c:type="external"/>\n<serviceTask id="y" c:type="external" c:topic="t" c:taskPriority="high"/>'

    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", f'{START}<process id="p" isExecutable="true"><startEvent id="s"/>\n{tasks}</process></definitions>'.encode())

    assert refused.value.errors == (
        Problem(NO_TOPIC, 4, 40, "x", ("x",)),
        Problem("Value 'high' for attribute 'taskPriority' is not a valid number", 5, 74, "y", ("y",)),
    )
    assert refused.value.message == (
        "ENGINE-09005 Could not parse BPMN process. Errors: "
        f"\n* {NO_TOPIC} | resource p.bpmn | line 4 | column 40"
        "\n* Value 'high' for attribute 'taskPriority' is not a valid number | resource p.bpmn | line 5 | column 74"
    )


def test_the_end_of_a_text_is_behind_its_last_character() -> None:
    positions = Positions("<a>\n<b/>\n</a>\n \n")

    assert (positions.of_element(0), positions.of_element(1), positions.of_end()) == ((1, 4), (2, 5), (3, 5))
