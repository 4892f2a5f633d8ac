"""Elements, events and continuations that gesta does not run yet are refused with element, position and reason: nothing is ever ignored."""

from __future__ import annotations

import pytest

from tests.unit.domain.models import Xml, external, node, scope
from tests.unit.parsing.not_run import NOT_YET, case, one, problem, problems_of

TIMER = node("timerEventDefinition", None, node("timeDuration", None, "PT1H", xsi_type="tFormalExpression"))
MESSAGE = node("messageEventDefinition", None, messageRef="message")
SIGNAL = node("signalEventDefinition", None, signalRef="signal")
CONDITIONAL = node("conditionalEventDefinition", None, node("condition", None, "${true}", xsi_type="tFormalExpression"))
ESCALATION = node("escalationEventDefinition", None, escalationRef="escalation")
COMPENSATION = node("compensateEventDefinition", None)
CANCEL = node("cancelEventDefinition", None)
ERROR = node("errorEventDefinition", None, errorRef="error")
LINK = node("linkEventDefinition", None, name="link")
TRIGGERS = {"timer events": TIMER, "message events": MESSAGE, "signal events": SIGNAL, "conditional events": CONDITIONAL}


def event_sub_process(trigger: Xml) -> Xml:
    start = node("startEvent", "s", trigger)
    return node("subProcess", "x", *scope("s > e", start, node("endEvent", "e")), triggeredByEvent="true")


CASES = [
    # Elements.
    one("receive task", node("receiveTask", "x"), "receiveTask 'x'", NOT_YET.format("receive tasks")),
    one("receive task with message", node("receiveTask", "x", messageRef="message"), "receiveTask 'x'", NOT_YET.format("receive tasks")),
    one("call activity", node("callActivity", "x", calledElement="q"), "callActivity 'x'", NOT_YET.format("call activities")),
    one(
        "inclusive gateway", node("inclusiveGateway", "x"), "inclusiveGateway 'x'", NOT_YET.format("inclusive gateways"), "start > x > end"
    ),
    case(
        "event-based gateway",
        scope("start > x > c > end", node("eventBasedGateway", "x"), node("intermediateCatchEvent", "c", TIMER)),
        "eventBasedGateway 'x': " + NOT_YET.format("event-based gateways"),
        "intermediateCatchEvent 'c': " + NOT_YET.format("timer events"),
    ),
    case(
        "complex gateway", [*scope("start > end"), node("complexGateway", "x")], "complexGateway 'x': " + NOT_YET.format("complex gateways")
    ),
    case(
        "ad-hoc sub-process",
        [*scope("start > end"), node("adHocSubProcess", "x")],
        "adHocSubProcess 'x': " + NOT_YET.format("ad-hoc sub-processes"),
    ),
    one(
        "transaction",
        node("transaction", "x", *scope("s > e", node("startEvent", "s"), node("endEvent", "e"))),
        "transaction 'x'",
        NOT_YET.format("transactions"),
    ),
    *(
        one(
            f"multi-instance {tag}",
            node(tag, "x", node("multiInstanceLoopCharacteristics", None, node("loopCardinality", None, "3")), **more),
            f"{tag} 'x'",
            NOT_YET.format("multi-instance activities"),
        )
        for tag, more in (("userTask", {}), ("serviceTask", {"camunda_type": "external", "camunda_topic": "t"}), ("task", {}))
    ),
    case(
        "event sub-process for errors",
        [*scope("start > end"), event_sub_process(ERROR)],
        "subProcess 'x': " + NOT_YET.format("event sub-processes"),
    ),
    *(
        case(
            f"event sub-process for {what}",
            [*scope("start > end"), event_sub_process(trigger)],
            "subProcess 'x': " + NOT_YET.format("event sub-processes"),
            "startEvent 's': " + NOT_YET.format(what),
        )
        for what, trigger in {**TRIGGERS, "escalation events": ESCALATION}.items()
    ),
    # Events.
    *(
        one(f"start: {what}", node("startEvent", "x", trigger), "startEvent 'x'", NOT_YET.format(what), "x > end")
        for what, trigger in TRIGGERS.items()
    ),
    *(
        one(f"catch: {what}", node("intermediateCatchEvent", "x", trigger), "intermediateCatchEvent 'x'", NOT_YET.format(what))
        for what, trigger in TRIGGERS.items()
    ),
    *(
        case(
            f"boundary: {what}",
            scope("start > u", node("userTask", "u"), node("boundaryEvent", "x", trigger, attachedToRef="u")),
            "boundaryEvent 'x': " + NOT_YET.format(what),
        )
        for what, trigger in {**TRIGGERS, "escalation events": ESCALATION, "compensation": COMPENSATION}.items()
    ),
    *(
        one(f"{tag}: {what}", node(tag, "x", trigger), f"{tag} 'x'", NOT_YET.format(what))
        for tag in ("endEvent", "intermediateThrowEvent")
        for what, trigger in (("signal events", SIGNAL), ("escalation events", ESCALATION), ("compensation", COMPENSATION))
    ),
    case(
        "cancel events",
        scope(
            "start > t",
            node("transaction", "t", *scope("s > x", node("startEvent", "s"), node("endEvent", "x", CANCEL))),
            node("boundaryEvent", "b", CANCEL, attachedToRef="t"),
        ),
        "transaction 't': " + NOT_YET.format("transactions"),
        "endEvent 'x': " + NOT_YET.format("transactions"),
        "boundaryEvent 'b': " + NOT_YET.format("transactions"),
    ),
    case(
        "link events",
        scope("start > x; c > end", node("intermediateThrowEvent", "x", LINK), node("intermediateCatchEvent", "c", LINK, name="link")),
        "intermediateThrowEvent 'x': " + NOT_YET.format("link events"),
        "intermediateCatchEvent 'c': " + NOT_YET.format("link events"),
    ),
    case(
        "several start events",
        scope("start > end; startX > end", node("startEvent", "startX", MESSAGE)),
        "startEvent 'startX': " + NOT_YET.format("message events"),
        "process 'p': " + NOT_YET.format("processes with several start events"),
    ),
    one(
        "initiator",
        node("startEvent", "x", camunda_initiator="who"),
        "startEvent 'x'",
        NOT_YET.format("initiator variables (camunda:initiator)"),
        "x > end",
    ),
    case(
        "compensation handler",
        [*scope("start > a"), external("x", isForCompensation="true")],
        "serviceTask 'x': " + NOT_YET.format("compensation (isForCompensation)"),
    ),
    # Asynchronous continuations.
    *(
        one(
            f"{attribute} of {tag}",
            node(tag, "x", **{f"camunda_{attribute}": "true"}),
            f"{tag} 'x'",
            NOT_YET.format(f"asynchronous continuations (camunda:{'asyncAfter' if attribute == 'asyncAfter' else 'asyncBefore'})"),
            flows,
        )
        for tag, flows in (
            ("userTask", "start > x"),
            ("startEvent", "x > end"),
            ("endEvent", "start > x"),
            ("exclusiveGateway", "start > x > end"),
        )
        for attribute in ("asyncBefore", "async", "asyncAfter")
    ),
]


@pytest.mark.parametrize(("content", "messages"), CASES)
def test_a_model_is_refused_for_what_is_not_run(content: list[Xml], messages: tuple[str, ...]) -> None:
    errors, text = problems_of(content)

    assert errors == tuple(problem(text, message) for message in messages)
