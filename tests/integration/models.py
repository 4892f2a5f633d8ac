"""Small BPMN models, written as the flows between their elements."""

from __future__ import annotations

import re
from itertools import pairwise

from domain.commands import ResourceFile

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="test"'
)


def scope(flows: str, *elements: str) -> str:
    """What a process or sub-process holds: `start > work > end; x > b ? ${n > 1}`.

    Names that `elements` do not define are start events (start…), end events (end…) and else external tasks on the topic of their name.
    """
    given = "".join(elements)
    nodes: dict[str, str] = {}
    written = []
    for flow in flows.split(";"):
        path, _, condition = flow.partition("?")
        steps = [name.strip() for name in path.split(">")]
        nodes.update((name, _node(name)) for name in steps if f'id="{name}"' not in given)
        written += [_flow(source, target, condition.strip()) for source, target in pairwise(steps)]
    return "".join([*nodes.values(), given, *written])


def _node(name: str) -> str:
    if name.startswith("start"):
        return f'<startEvent id="{name}"/>'
    return f'<endEvent id="{name}"/>' if name.startswith("end") else task(name)


def _flow(source: str, target: str, condition: str) -> str:
    text = condition.replace("&", "&amp;").replace("<", "&lt;")
    inner = f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def task(name: str, inner: str = "", *, topic: str | None = None, priority: str = "0") -> str:
    """An external task."""
    shown = f'camunda:type="external" camunda:topic="{topic or name}" camunda:taskPriority="{priority}"'
    return f'<serviceTask id="{name}" {shown}>{inner}</serviceTask>'


def mapping(**inputs: str) -> str:
    """Input parameters: the task becomes a scope with variables of its own."""
    parameters = "".join(f'<camunda:inputParameter name="{name}">{value}</camunda:inputParameter>' for name, value in inputs.items())
    return f"<extensionElements><camunda:inputOutput>{parameters}</camunda:inputOutput></extensionElements>"


def on_message(name: str) -> str:
    """The definition of an event that waits for a message."""
    return f'<messageEventDefinition messageRef="message-{name}"/>'


def on_signal(name: str, inner: str = "") -> str:
    """The definition of an event that waits for a signal, or throws it."""
    return f'<signalEventDefinition signalRef="signal-{name}">{inner}</signalEventDefinition>'


def on_time(time: str = "PT1H", kind: str = "timeDuration") -> str:
    """The definition of an event that waits for a time."""
    return f'<timerEventDefinition><{kind} xsi:type="tFormalExpression">{time}</{kind}></timerEventDefinition>'


def starts(name: str, trigger: str) -> str:
    return f'<startEvent id="{name}">{trigger}</startEvent>'


def catches(name: str, trigger: str) -> str:
    return f'<intermediateCatchEvent id="{name}">{trigger}</intermediateCatchEvent>'


def throws(name: str, signal: str) -> str:
    return f'<intermediateThrowEvent id="{name}">{on_signal(signal)}</intermediateThrowEvent>'


def boundary(name: str, on: str, trigger: str, interrupting: bool = True) -> str:
    stops = "true" if interrupting else "false"
    return f'<boundaryEvent id="{name}" attachedToRef="{on}" cancelActivity="{stops}">{trigger}</boundaryEvent>'


def computes(name: str, expression: str, shown: str = 'camunda:asyncBefore="true"', inner: str = "") -> str:
    """A service task that is an expression, behind an asynchronous border."""
    return f'<serviceTask id="{name}" camunda:expression="{expression}" {shown}>{inner}</serviceTask>'


def model(key: str, *content: str, version_tag: str = "") -> ResourceFile:
    """A file with one process."""
    tag = f' camunda:versionTag="{version_tag}"' if version_tag else ""
    process = f'<process id="{key}" isExecutable="true"{tag}>{"".join(content)}</process>'
    declared = ['<error id="error" errorCode="trouble"/>']
    declared += [f'<{kind} id="{kind}-{name}" name="{name}"/>' for kind, name in dict.fromkeys(_EVENTS.findall(process))]
    return ResourceFile(f"{key}.bpmn", f"<definitions {NAMESPACES}>{''.join(declared)}{process}</definitions>".encode())


_EVENTS = re.compile(r'(?:messageRef|signalRef)="(message|signal)-([^"]+)"')
"""References to messages and signals, which are declared beside the process."""


def parallel(key: str, branches: int) -> ResourceFile:
    """As many external tasks at once, on the topic `branch`, and a join behind them."""
    names = [f"branch{number}" for number in range(branches)]
    gateways = '<parallelGateway id="fork"/><parallelGateway id="join"/>'
    flows = "; ".join(["start > fork", *(f"fork > {name} > join" for name in names), "join > end"])
    return model(key, scope(flows, gateways, *(task(name, topic="branch") for name in names)))


ONE = model("one", scope("start > work > end"))
CHAIN = model("chain", scope("start > first > second > third > end"))
LOOP = model("loop", scope("start > turn > turn"))
"""Its one task comes back for ever: the stream grows, the state does not."""
USER = model("user", scope("start > ask > end", '<userTask id="ask" camunda:candidateGroups="sales,support" camunda:assignee="${who}"/>'))
ORDER = model(
    "order",
    scope(
        "start > check > way; way > inside ? ${amount > 100}; way > ask; inside > paid; ask > paid; paid > end; failed > repair > end",
        '<exclusiveGateway id="way" default="way-ask"/>',
        '<userTask id="ask"/>',
        f'<subProcess id="inside">{mapping(share="${amount / 2}")}'
        + scope(
            "start2 > fork; fork > reserve > join; fork > charge > join; join > end2",
            '<parallelGateway id="fork"/><parallelGateway id="join"/>',
            task("charge", mapping(retry="no"), priority="50"),
        )
        + "</subProcess>",
        '<boundaryEvent id="failed" attachedToRef="inside"><errorEventDefinition errorRef="error"/></boundaryEvent>',
    ),
)
"""A gateway, a sub-process with variables of its own and two tasks at once, an error boundary event, a user task."""
