"""BPMN elements as values: what the parser reads and the behaviours run. One class per kind of flow node."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.expressions import Expression
from domain.triggers import MessageTrigger, Trigger, VariablePassed


class SequenceFlow(msgspec.Struct, frozen=True):
    """A flow from one node to another; `condition` None means it is taken without asking."""

    id: str
    source: str
    target: str
    condition: Expression | None = None


class ListValue(msgspec.Struct, frozen=True):
    """`camunda:list`."""

    items: tuple[ParameterValue, ...]


class MapValue(msgspec.Struct, frozen=True):
    """`camunda:map`; keys are expressions too, the result is sorted by key."""

    entries: tuple[tuple[Expression, ParameterValue], ...]


ParameterValue: TypeAlias = Expression | ListValue | MapValue | None
"""What an input or output parameter is computed from; None is an empty text, which gives null."""


class Parameter(msgspec.Struct, frozen=True):
    name: str
    value: ParameterValue


class VariableMapping(msgspec.Struct, frozen=True):
    """`camunda:inputOutput` (BPMN page §4), in document order."""

    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()


class FlowNode(msgspec.Struct, frozen=True, kw_only=True):
    """What all flow nodes share. `scope` is the id of the sub-process around the node, None for the process itself."""

    id: str
    activity_type: str
    """Camunda's name of the kind, as in activity instance trees and history (BPMN page §1.1)."""
    name: str | None = None
    scope: str | None = None
    outgoing: tuple[SequenceFlow, ...] = ()
    """In document order."""
    incoming: int = 0
    default_flow: str | None = None
    mapping: VariableMapping | None = None
    boundary_events: tuple[str, ...] = ()
    """Ids of the boundary events attached to the node, in document order."""
    properties: dict[str, str | None] = {}
    """`camunda:properties`; a property without value is None."""
    async_before: bool = False
    async_after: bool = False
    job_priority: Expression | None = None
    """Of the node's own jobs; else the process's, else 0."""
    retry_cycle: Expression | None = None
    """`camunda:failedJobRetryTimeCycle`."""


class NoneStartEvent(FlowNode, frozen=True):
    pass


class TriggeredStartEvent(FlowNode, frozen=True, kw_only=True):
    """A start event of a process that a message, a signal or a timer sets off."""

    trigger: Trigger


class NoneEndEvent(FlowNode, frozen=True):
    pass


class ErrorEndEvent(FlowNode, frozen=True, kw_only=True):
    error_code: str
    error_message: Expression | None = None
    """`camunda:errorMessage` of the referenced error."""


class TerminateEndEvent(FlowNode, frozen=True):
    pass


class ErrorDefinition(msgspec.Struct, frozen=True):
    """`camunda:errorEventDefinition` on an external task; without expression it never matches."""

    error_code: str | None
    expression: Expression | None


class ExternalTask(FlowNode, frozen=True, kw_only=True):
    """A service, send or business rule task whose work a worker does (BPMN page §3)."""

    topic: Expression
    priority: Expression | None = None
    """Of the element itself; else the process's, else 0."""
    error_definitions: tuple[ErrorDefinition, ...] = ()


class ExpressionTask(FlowNode, frozen=True, kw_only=True):
    """A service, send or business rule task whose work is to compute an expression (BPMN page §6)."""

    expression: Expression
    result_variable: str | None = None


class UserTask(FlowNode, frozen=True, kw_only=True):
    """A wait state that `POST /task/{id}/complete` ends (BPMN page §6)."""

    task_name: Expression | None = None
    description: Expression | None = None
    assignee: Expression | None = None
    owner: Expression | None = None
    due_date: Expression | None = None
    follow_up_date: Expression | None = None
    priority: Expression | None = None
    form_key: Expression | None = None
    candidate_users: tuple[Expression, ...] = ()
    candidate_groups: tuple[Expression, ...] = ()


class PassThroughTask(FlowNode, frozen=True):
    """An undefined or manual task: nothing to do for an engine."""


class ExclusiveGateway(FlowNode, frozen=True):
    pass


class ParallelGateway(FlowNode, frozen=True):
    pass


class SubProcess(FlowNode, frozen=True, kw_only=True):
    start: str
    """Id of its none start event."""


class ReceiveTask(FlowNode, frozen=True, kw_only=True):
    """Waits for a message, or without one for `POST /execution/{id}/signal` (BPMN page §6)."""

    trigger: MessageTrigger | None = None


class CatchEvent(FlowNode, frozen=True, kw_only=True):
    """An intermediate event that waits."""

    trigger: Trigger


class SignalThrowEvent(FlowNode, frozen=True, kw_only=True):
    """An intermediate or end event that throws a signal to everybody who waits for it, and to start events."""

    signal: Expression
    variables: tuple[VariablePassed, ...] = ()
    """`camunda:in`; without any, nothing is passed."""
    business_key: Expression | None = None
    """Of the instances that the signal starts."""


class BoundaryEvent(FlowNode, frozen=True, kw_only=True):
    """A boundary event that waits for something from outside while its activity is active."""

    attached_to: str
    trigger: Trigger
    interrupting: bool = True


class ErrorBoundaryEvent(FlowNode, frozen=True, kw_only=True):
    attached_to: str
    error_code: str | None = None
    """None catches every error."""
    code_variable: str | None = None
    message_variable: str | None = None


Element: TypeAlias = (
    NoneStartEvent
    | TriggeredStartEvent
    | NoneEndEvent
    | ErrorEndEvent
    | TerminateEndEvent
    | ExternalTask
    | ExpressionTask
    | UserTask
    | PassThroughTask
    | ExclusiveGateway
    | ParallelGateway
    | SubProcess
    | ReceiveTask
    | CatchEvent
    | SignalThrowEvent
    | BoundaryEvent
    | ErrorBoundaryEvent
)


def is_scope(element: Element) -> bool:
    """Tell whether an element has an execution of its own; user tasks, gateways and the like only with mappings or boundary events."""
    waits = isinstance(element, SubProcess | ExternalTask | CatchEvent) or (
        isinstance(element, ReceiveTask) and element.trigger is not None
    )
    return waits or element.mapping is not None or bool(element.boundary_events)


class ProcessDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """An executable process as its model says it; `id`, `version`, `deployment_id` and `tenant_id` are given at deployment.

    A process instance stays on the definition it was started with, and replays on it.
    """

    key: str
    start: str | None
    """Id of the start event that a start by key or id begins with; None: only messages and signals start it."""
    elements: dict[str, Element]
    """By id, sub-processes' content included, in document order."""
    flows: dict[str, SequenceFlow] = {}
    """Every sequence flow by id; gathered from the elements."""
    name: str | None = None
    category: str | None = None
    """`definitions@targetNamespace`."""
    description: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    """Days."""
    startable_in_tasklist: bool = True
    task_priority: Expression | None = None
    job_priority: Expression | None = None
    initiator: str | None = None
    """`camunda:initiator`: the variable that tells who started an instance."""
    id: str = ""
    version: int = 0
    deployment_id: str = ""
    resource: str = ""
    tenant_id: str | None = None

    def __post_init__(self) -> None:
        self.flows.update((flow.id, flow) for element in self.elements.values() for flow in element.outgoing)
