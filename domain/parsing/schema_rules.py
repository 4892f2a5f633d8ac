"""Which attributes and children the BPMN 2.0 schema allows in the elements that models are made of, and in which order.

An element without a rule is not checked: refusing a good model would be worse than accepting a bad one.
"""

from __future__ import annotations

from dataclasses import dataclass


def _words(text: str) -> list[str]:
    return text.split()


FLOW_NODES = _words(
    "startEvent endEvent boundaryEvent intermediateCatchEvent intermediateThrowEvent implicitThrowEvent event"
    " task serviceTask sendTask receiveTask userTask manualTask businessRuleTask scriptTask callActivity callChoreography"
    " subProcess transaction adHocSubProcess choreographyTask subChoreography"
    " exclusiveGateway inclusiveGateway parallelGateway complexGateway eventBasedGateway"
)
FLOW_ELEMENTS = [*FLOW_NODES, "sequenceFlow", "dataObject", "dataObjectReference", "dataStoreReference"]
ARTIFACTS = ["association", "group", "textAnnotation", "artifact"]
EVENT_DEFINITIONS = _words(
    "messageEventDefinition timerEventDefinition signalEventDefinition errorEventDefinition escalationEventDefinition"
    " compensateEventDefinition conditionalEventDefinition linkEventDefinition cancelEventDefinition terminateEventDefinition"
)
ROOT_ELEMENTS = (
    _words(
        "category collaboration choreography globalChoreographyTask globalConversation conversation correlationProperty dataStore endPoint"
        " error escalation globalBusinessRuleTask globalManualTask globalScriptTask globalTask globalUserTask interface itemDefinition"
        " message partnerEntity partnerRole process resource signal"
    )
    + EVENT_DEFINITIONS
)
ROLES = ["resourceRole", "performer", "humanPerformer", "potentialOwner"]
LOOPS = ["multiInstanceLoopCharacteristics", "standardLoopCharacteristics"]
TIMES = ["timeDate", "timeDuration", "timeCycle"]

BOOLEANS = frozenset(
    _words(
        "isExecutable isClosed isForCompensation isInterrupting parallelMultiple cancelActivity triggeredByEvent isSequential"
        " isImmediate waitForCompletion instantiate cancelRemainingInstances testBefore"
    )
)
REFERENCES = ("sourceRef", "targetRef", "default")
"""Attributes of sequence flows and flow nodes that must name an element of the file."""


@dataclass(frozen=True)
class Rule:
    """Attributes, which of them are required, and the rank of each child; `single` children occur once at most."""

    attributes: frozenset[str]
    required: tuple[str, ...]
    ranks: dict[str, int]
    single: frozenset[str]
    needed: str | None = None
    """A child that must be there."""


def _rule(attributes: str, *ranks: str | list[str], required: str = "", needed: str | None = None) -> Rule:
    """Build a rule; a child's name ends with `?` if it may occur only once, names of one list share a rank."""
    groups = [["documentation"], ["extensionElements?"], *([group] if isinstance(group, str) else group for group in ranks)]
    order = {name.rstrip("?"): rank for rank, group in enumerate(groups) for name in group}
    single = frozenset(name.rstrip("?") for group in groups for name in group if name.endswith("?"))
    return Rule(frozenset(["id", *attributes.split()]), tuple(required.split()), order, single, needed)


_ELEMENT = ("auditing?", "monitoring?", "categoryValueRef")
_NODE = (*_ELEMENT, "incoming", "outgoing")
_ACTIVITY = (*_NODE, "ioSpecification?", "property", "dataInputAssociation", "dataOutputAssociation", ROLES, [f"{loop}?" for loop in LOOPS])
_SUB_PROCESS = (*_ACTIVITY, "laneSet", FLOW_ELEMENTS, ARTIFACTS)
_CATCH = (*_NODE, "property", "dataOutput", "dataOutputAssociation", "outputSet?", EVENT_DEFINITIONS, "eventDefinitionRef")
_THROW = (*_NODE, "property", "dataInput", "dataInputAssociation", "inputSet?", EVENT_DEFINITIONS, "eventDefinitionRef")
_OF_ACTIVITY = "name isForCompensation startQuantity completionQuantity default"
_OF_GATEWAY = "name gatewayDirection"
_CALLABLE = ("supportedInterfaceRef", "ioSpecification?", "ioBinding")
_LOOP = ("loopCardinality?", "loopDataInputRef?", "loopDataOutputRef?", "inputDataItem?", "outputDataItem?")

RULES: dict[str, Rule] = {
    "process": _rule(
        "name processType isClosed isExecutable definitionalCollaborationRef",
        *_CALLABLE,
        "auditing?",
        "monitoring?",
        "property",
        "laneSet",
        FLOW_ELEMENTS,
        ARTIFACTS,
        ROLES,
        "correlationSubscription",
        "supports",
    ),
    "task": _rule(_OF_ACTIVITY, *_ACTIVITY),
    "manualTask": _rule(_OF_ACTIVITY, *_ACTIVITY),
    "serviceTask": _rule(f"{_OF_ACTIVITY} implementation operationRef", *_ACTIVITY),
    "sendTask": _rule(f"{_OF_ACTIVITY} implementation operationRef messageRef", *_ACTIVITY),
    "receiveTask": _rule(f"{_OF_ACTIVITY} implementation operationRef messageRef instantiate", *_ACTIVITY),
    "businessRuleTask": _rule(f"{_OF_ACTIVITY} implementation", *_ACTIVITY),
    "userTask": _rule(f"{_OF_ACTIVITY} implementation", *_ACTIVITY, "rendering"),
    "scriptTask": _rule(f"{_OF_ACTIVITY} scriptFormat", *_ACTIVITY, "script?"),
    "callActivity": _rule(f"{_OF_ACTIVITY} calledElement", *_ACTIVITY),
    "subProcess": _rule(f"{_OF_ACTIVITY} triggeredByEvent", *_SUB_PROCESS),
    "transaction": _rule(f"{_OF_ACTIVITY} triggeredByEvent method", *_SUB_PROCESS),
    "adHocSubProcess": _rule(f"{_OF_ACTIVITY} triggeredByEvent cancelRemainingInstances ordering", *_SUB_PROCESS, "completionCondition?"),
    "exclusiveGateway": _rule(f"{_OF_GATEWAY} default", *_NODE),
    "inclusiveGateway": _rule(f"{_OF_GATEWAY} default", *_NODE),
    "parallelGateway": _rule(_OF_GATEWAY, *_NODE),
    "complexGateway": _rule(f"{_OF_GATEWAY} default", *_NODE, "activationCondition?"),
    "eventBasedGateway": _rule(f"{_OF_GATEWAY} instantiate eventGatewayType", *_NODE),
    "startEvent": _rule("name parallelMultiple isInterrupting", *_CATCH),
    "intermediateCatchEvent": _rule("name parallelMultiple", *_CATCH),
    "boundaryEvent": _rule("name parallelMultiple cancelActivity attachedToRef", *_CATCH, required="attachedToRef"),
    "intermediateThrowEvent": _rule("name", *_THROW),
    "endEvent": _rule("name", *_THROW),
    "sequenceFlow": _rule("name sourceRef targetRef isImmediate", *_ELEMENT, "conditionExpression?", required="sourceRef targetRef"),
    "association": _rule("sourceRef targetRef associationDirection", required="sourceRef targetRef"),
    "message": _rule("name itemRef"),
    "signal": _rule("name structureRef"),
    "error": _rule("name errorCode structureRef"),
    "escalation": _rule("name escalationCode structureRef"),
    "messageEventDefinition": _rule("messageRef", "operationRef?"),
    "timerEventDefinition": _rule("", [f"{time}?" for time in TIMES]),
    "signalEventDefinition": _rule("signalRef"),
    "errorEventDefinition": _rule("errorRef"),
    "escalationEventDefinition": _rule("escalationRef"),
    "compensateEventDefinition": _rule("waitForCompletion activityRef"),
    "conditionalEventDefinition": _rule("", "condition?", needed="condition"),
    "linkEventDefinition": _rule("name", "source", "target?", required="name"),
    "cancelEventDefinition": _rule(""),
    "terminateEventDefinition": _rule(""),
    "multiInstanceLoopCharacteristics": _rule(
        "isSequential behavior oneBehaviorEventRef noneBehaviorEventRef", *_LOOP, "complexBehaviorDefinition", "completionCondition?"
    ),
    "standardLoopCharacteristics": _rule("testBefore loopMaximum", "loopCondition?"),
}

DEFINITIONS = Rule(
    frozenset(_words("id name targetNamespace expressionLanguage typeLanguage exporter exporterVersion")),
    ("targetNamespace",),
    {"import": 0, "extension": 1, **dict.fromkeys(ROOT_ELEMENTS, 2), "BPMNDiagram": 3, "relationship": 4},
    frozenset(),
)
