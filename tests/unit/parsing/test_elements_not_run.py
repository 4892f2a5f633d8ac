"""Elements and events that gesta does not run yet are refused with element, position and reason: nothing is ever ignored."""

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


def event_sub_process(trigger: Xml) -> Xml:
    start = node("startEvent", "s", trigger)
    return node("subProcess", "x", *scope("s > e", start, node("endEvent", "e")), triggeredByEvent="true")


CASES = [
    # Elements.
    one("call activity", node("callActivity", "x", calledElement="q"), "callActivity 'x'", NOT_YET.format("call activities")),
    one(
        "inclusive gateway", node("inclusiveGateway", "x"), "inclusiveGateway 'x'", NOT_YET.format("inclusive gateways"), "start > x > end"
    ),
    case(
        "event-based gateway",
        scope("start > x > c > end", node("eventBasedGateway", "x"), node("intermediateCatchEvent", "c", TIMER)),
        "eventBasedGateway 'x': " + NOT_YET.format("event-based gateways"),
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
    *(
        case(
            f"event sub-process for {what}",
            [*scope("start > end"), event_sub_process(trigger)],
            "subProcess 'x': " + NOT_YET.format("event sub-processes"),
        )
        for what, trigger in (("errors", ERROR), ("timer events", TIMER), ("message events", MESSAGE), ("signal events", SIGNAL))
    ),
    *(
        case(
            f"event sub-process for {what}",
            [*scope("start > end"), event_sub_process(trigger)],
            "subProcess 'x': " + NOT_YET.format("event sub-processes"),
            "startEvent 's': " + NOT_YET.format(what),
        )
        for what, trigger in (("conditional events", CONDITIONAL), ("escalation events", ESCALATION))
    ),
    # Events.
    one("start", node("startEvent", "x", CONDITIONAL), "startEvent 'x'", NOT_YET.format("conditional events"), "x > end"),
    one("catch", node("intermediateCatchEvent", "x", CONDITIONAL), "intermediateCatchEvent 'x'", NOT_YET.format("conditional events")),
    *(
        case(
            f"boundary: {what}",
            scope("start > u", node("userTask", "u"), node("boundaryEvent", "x", trigger, attachedToRef="u")),
            "boundaryEvent 'x': " + NOT_YET.format(what),
        )
        for what, trigger in (("conditional events", CONDITIONAL), ("escalation events", ESCALATION), ("compensation", COMPENSATION))
    ),
    *(
        one(f"{tag}: {what}", node(tag, "x", trigger), f"{tag} 'x'", NOT_YET.format(what))
        for tag in ("endEvent", "intermediateThrowEvent")
        for what, trigger in (("escalation events", ESCALATION), ("compensation", COMPENSATION))
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
    *(
        case(
            f"{tag}: signals thrown asynchronously",
            scope("start > x", node(tag, "x", node("signalEventDefinition", None, signalRef="signal", camunda_async="true"))),
            "signalEventDefinition 'x': " + NOT_YET.format("signals that are thrown asynchronously (camunda:async)"),
        )
        for tag in ("endEvent", "intermediateThrowEvent")
    ),
    case(
        "compensation handler",
        [*scope("start > a"), external("x", isForCompensation="true")],
        "serviceTask 'x': " + NOT_YET.format("compensation (isForCompensation)"),
    ),
]


@pytest.mark.parametrize(("content", "messages"), CASES)
def test_a_model_is_refused_for_what_is_not_run(content: list[Xml], messages: tuple[str, ...]) -> None:
    errors, text = problems_of(content)

    assert errors == tuple(problem(text, message) for message in messages)
