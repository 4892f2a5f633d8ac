"""Parallel gateway: waits for as many tokens as it has incoming flows, then puts one on every outgoing flow (BPMN page §7)."""

from __future__ import annotations

from domain.facts import ElementActivated, ElementCompleted, ExternalTaskCompleted, SequenceFlowTaken
from tests.unit.domain.commands import complete, lock, start
from tests.unit.domain.given import Instance, begins, creates, ends, enters, given, of_instance, of_task, passes, started, working
from tests.unit.domain.models import Xml, definition, node, sub_process


def gateways(*ids: str) -> list[Xml]:
    return [node("parallelGateway", id) for id in ids]


def test_a_fork_takes_every_flow_whatever_its_condition() -> None:
    instance = given(definition("start > fork; fork > a ? ${false}; fork > b ? ${ghost}", *gateways("fork")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *passes(8, "start", "fork"),
        *of_instance(SequenceFlowTaken(12, "fork-a", 0), SequenceFlowTaken(16, "fork-b", 0), ElementActivated(12, "a", 0)),
        *creates(12, "a"),
        *of_instance(ElementActivated(16, "b", 0)),
        *creates(16, "b"),
    ]


def test_the_first_token_waits_at_a_join() -> None:
    instance = working(definition("start > fork > a > join > end; fork > b > join", *gateways("fork", "join")), 12)

    facts = instance.when(complete(12))

    assert facts == [*of_task(12, ExternalTaskCompleted("w")), *of_instance(ElementCompleted(12)), *enters(20, "a", "join", branch=12)]


def test_the_last_token_opens_the_join_for_one() -> None:
    instance = started(definition("start > fork > a > join > end; fork > b > join", *gateways("fork", "join")))
    work(instance, "a")
    instance.when(lock(16))

    facts = instance.when(complete(16))

    assert facts == [
        *of_task(16, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(16)),
        *enters(24, "b", "join", branch=16),
        *of_instance(ElementCompleted(20), ElementCompleted(24)),
        *passes(28, "join", "end"),
        *ends(),
    ]


def test_a_join_forks_again() -> None:
    instance = started(definition("start > fork > a > x > end1; fork > b > x; x > end2", *gateways("fork", "x")))
    work(instance, "a")
    instance.when(lock(16))

    facts = instance.when(complete(16))

    assert facts == [
        *of_task(16, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(16)),
        *enters(24, "b", "x", branch=16),
        *of_instance(ElementCompleted(20), ElementCompleted(24)),
        *of_instance(SequenceFlowTaken(28, "x-end1", 0), SequenceFlowTaken(32, "x-end2", 0)),
        *of_instance(ElementActivated(28, "end1", 0), ElementCompleted(28), ElementActivated(32, "end2", 0), ElementCompleted(32)),
        *ends(),
    ]


def test_tokens_are_counted_and_not_the_flows_they_came_along() -> None:
    flows = "start > fork > a > merge > join > c; fork > b > merge; fork > late > join"
    instance = started(definition(flows, *gateways("fork", "join"), node("exclusiveGateway", "merge")))
    work(instance, "a")

    work(instance, "b")

    assert instance.open_topics == ["late", "c"]


def test_tokens_beyond_the_count_wait_for_the_next_opening() -> None:
    flows = "start > fork > a > merge > join > d; fork > b > merge; fork > c > merge; fork > late > join"
    instance = started(definition(flows, *gateways("fork", "join"), node("exclusiveGateway", "merge")))
    for topic in ("a", "b", "c"):
        work(instance, topic)
    assert [element.element_id for element in instance.state.elements] == ["late", "d", "join"]

    work(instance, "late")

    assert instance.open_topics == ["d", "d"]


def test_tokens_of_two_sub_process_instances_do_not_meet() -> None:
    inner = sub_process("sub", "start2 > fork2 > x > join2 > end2; fork2 > y > join2", *gateways("fork2", "join2"))
    merge = node("exclusiveGateway", "merge")
    instance = started(definition("start > fork > t1 > merge > sub > end; fork > t2 > merge", *gateways("fork"), merge, inner, *TASKS))
    (x1, x2), (y1, y2) = keys(instance, "x"), keys(instance, "y")

    for key in (x1, y2):
        instance.when(lock(key))
        instance.when(complete(key))

    assert sorted(element.element_id for element in instance.state.elements) == ["join2", "join2", "sub", "sub", "x", "y"]
    assert {x2, y1} == {task.key for task in instance.history.open_tasks}


TASKS = [node("task", "t1"), node("task", "t2")]


def keys(instance: Instance, topic: str) -> list[int]:
    return [task.key for task in instance.history.open_tasks if task.topic == topic]


def work(instance: Instance, topic: str) -> None:
    """Complete the oldest open task of a topic."""
    key = keys(instance, topic)[0]
    instance.when(lock(key))
    instance.when(complete(key))
