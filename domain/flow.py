"""How tokens move: entering an element, leaving it along its sequence flows, ending, and what an ended token means to its scope."""

from __future__ import annotations

from collections.abc import Sequence

from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import Element, SequenceFlow
from domain.expressions import holds
from domain.facts import ElementActivated, ElementCompleted, ElementTerminated, ProcessInstanceEnded, SequenceFlowTaken
from domain.mapping import map_inputs, map_outputs
from domain.refusals import ExecutionFailed


def enter(decision: Decision, key: int) -> None:
    """The token arrives: the element is active, has its inputs, and does its work or waits."""
    token = decision.state.tokens[key]
    activate(decision, decision.target(token), key, token.scope)


def activate(decision: Decision, element: Element, key: int, scope: int) -> None:
    """Make the element active in a scope, without a flow that leads there."""
    decision.record(ElementActivated(key, element.id, scope))
    map_inputs(decision, key)
    decision.behaviour(element).activate(decision, key)


def begin_scope(decision: Decision, start: str, scope: int) -> None:
    """Put a first token into the start event of a process or sub-process."""
    activate(decision, decision.definition.elements[start], decision.state.next_key, scope)


def leave(decision: Decision, key: int) -> None:
    """Leave an activity or event: every flow whose condition holds, else the default flow (BPMN page §7)."""
    depart(decision, key, choose_all(decision, key))


def depart(decision: Decision, key: int, flows: Sequence[SequenceFlow]) -> None:
    """Complete the element and take the flows, or end the token where there are none. Outputs are mapped after the flows were chosen."""
    map_outputs(decision, key)
    scope = decision.state.tokens[key].scope
    decision.record(ElementCompleted(key))
    take(decision, flows, scope)
    if not flows:
        end_scope_if_empty(decision, scope)


def take(decision: Decision, flows: Sequence[SequenceFlow], scope: int) -> None:
    """Put a token on each flow; they run on one after another."""
    keys = []
    for flow in flows:
        keys.append(key := decision.state.next_key)
        decision.record(SequenceFlowTaken(key, flow.id, scope))
    decision.later(*(("arrive", key) for key in keys))


def end_scope_if_empty(decision: Decision, scope: int) -> None:
    """The last token of a scope ended: the sub-process goes on, or the instance has ended."""
    if decision.state.children.get(scope):
        return
    if scope:
        decision.later(("complete", scope))
    elif decision.state.ended is None:
        decision.record(ProcessInstanceEnded("COMPLETED"))


def choose_all(decision: Decision, key: int) -> Sequence[SequenceFlow]:
    element = decision.element(key)
    if not element.outgoing:
        return ()
    flows = [flow for flow in element.outgoing if flow.id != element.default_flow and is_open(decision, flow, key)]
    if flows:
        return flows
    default = default_flow(element)
    if default is None:
        raise ExecutionFailed(
            f"ENGINE-02006 No conditional sequence flow leaving the Flow Node '{element.id}' could be selected for continuing the process."
        )
    return (default,)


def is_open(decision: Decision, flow: SequenceFlow, key: int) -> bool:
    """Tell whether a flow may be taken: it has no condition, or its condition holds in the scope of the element it leaves."""
    return flow.condition is None or holds(flow.condition, ScopeContext(decision, key, activity=key))


def default_flow(element: Element) -> SequenceFlow | None:
    return next((flow for flow in element.outgoing if flow.id == element.default_flow), None)


def cancel(decision: Decision, key: int) -> None:
    """Cancel an element instance, what is inside it first; its outputs are mapped all the same (BPMN page §4)."""
    for inner in decision.state.tokens_in(key):
        cancel(decision, inner)
    token = decision.state.tokens[key]
    if token.flow_id is None:
        decision.behaviour(decision.element(key)).terminate(decision, key)
        if not decision.skip_io_mappings:
            map_outputs(decision, key)
    decision.record(ElementTerminated(key))


def cancel_all(decision: Decision, scope: int) -> None:
    """Cancel every token of a scope."""
    for key in decision.state.tokens_in(scope):
        cancel(decision, key)
