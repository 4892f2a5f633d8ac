"""Models in which everything that gesta runs occurs, for tests that let anything happen."""

from __future__ import annotations

from domain.elements import ProcessDefinition
from tests.unit.domain.models import (
    Xml,
    boundary,
    catches,
    catches_error,
    definition,
    error_definition,
    extensions,
    external,
    mapping,
    node,
    on_message,
    on_signal,
    on_time,
    sub_process,
    terminates,
    throws_error,
)


def _tasks(*ids: str) -> list[Xml]:
    return [node("task", id) for id in ids]


CHAIN = definition(
    "start > a > b > c > end; caught > d",
    external("a", extensions(mapping({"x": "${n}"}, {"n": "${n + 1}"}), error_definition("E", "${n > 3}"))),
    external("b", camunda_taskPriority="${n}"),
    catches_error("caught", "b", camunda_errorCodeVariable="code", camunda_errorMessageVariable="text"),
)
PARALLEL = definition(
    "start > fork; fork > a > join; fork > u > join; fork > b > v > join; join > c > end",
    *(node("parallelGateway", id) for id in ("fork", "join")),
    node("userTask", "u", name="Look at ${n}", camunda_candidateGroups="g,h"),
    node("userTask", "v", extensions(mapping({"x": "${n}"}, {"y": "${x}"}))),
)
NESTED = definition(
    "start > x; x > outer > end; x > c > stop; caught > d > end; all > u > end",
    *_tasks("x"),
    sub_process(
        "outer",
        "start2 > y; y > a > z; y > inner > z; z > failed ? ${n == 2}; z > end2",
        *_tasks("y"),
        node("exclusiveGateway", "z", default="z-end2"),
        throws_error("failed", "E"),
        sub_process("inner", "start3 > b > end3", external("b", extensions(error_definition("F", "${externalTask.retries == 1}")))),
        catches_error("inner_F", "inner", "F"),
        inner=extensions(mapping({"n": "${n}"}, {"r": "${n}"})),
    ),
    catches_error("caught", "outer", "E"),
    catches_error("all", "outer"),
    node("userTask", "u"),
    terminates("stop"),
)
LOOP = definition(
    "start > a > x; x > a ? ${n < 4}; x > fork ? ${n > 8}; x > end; fork > b; fork > a; fork > u",
    external("a", extensions(mapping(outputs={"n": "${n + 1}"}))),
    node("exclusiveGateway", "x", default="x-end"),
    node("parallelGateway", "fork"),
    node("userTask", "u", camunda_priority="${n}"),
)
ASYNC = {"camunda_asyncBefore": "true", "camunda_asyncAfter": "true"}
EVENTS = definition(
    "start > fork; fork > r > d > end1; fork > u > thrown > end2; fork > c > end3; fork > sub > end4; late > b; told > v; alarmed > stop",
    node("parallelGateway", "fork"),
    node("receiveTask", "r", messageRef="message-m"),
    catches("d", on_time("PT1H")),
    node("userTask", "u"),
    boundary("late", "u", on_time("R3/PT1M", "timeCycle"), interrupting=False),
    boundary("told", "u", on_message("m"), interrupting=False),
    node("userTask", "v"),
    node("intermediateThrowEvent", "thrown", on_signal("s", extensions(node("camunda:in", None, variables="all")))),
    catches("c", on_signal("s"), extensions(mapping({"x": "${n}"}, {"y": "${x}"}))),
    sub_process("sub", "start2 > w > end5", external("w")),
    boundary("alarmed", "sub", on_signal("s")),
    node("endEvent", "stop", on_signal("s")),
)
CONTINUED = definition(
    "start > x; x > a > y > end; x > z > end2; x > alone",
    node("startEvent", "start", **ASYNC),
    node("task", "x", extensions(node("camunda:failedJobRetryTimeCycle", None, "R2/PT5M")), **ASYNC),
    external("a", extensions(mapping({"x": "${n}"}, {"n": "${n + 1}"})), **ASYNC),
    node("serviceTask", "y", camunda_expression="${n * 2}", camunda_resultVariable="y", **ASYNC),
    node("exclusiveGateway", "z", default="z-end2", camunda_asyncBefore="true"),
    node("endEvent", "alone", camunda_asyncAfter="true", camunda_jobPriority="${n}"),
)
EXAMPLE_MODELS: dict[str, ProcessDefinition] = {
    "chain": CHAIN,
    "parallel": PARALLEL,
    "nested": NESTED,
    "loop": LOOP,
    "events": EVENTS,
    "continued": CONTINUED,
}
