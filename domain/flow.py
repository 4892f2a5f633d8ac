"""How tokens move: entering an element, leaving it along its sequence flows, ending, and what an ended token means to its scope."""

from __future__ import annotations

from collections.abc import Sequence

from domain.context import ScopeContext
from domain.continuations import hold_before, hold_behind, stand
from domain.decision import Decision
from domain.elements import Element, SequenceFlow
from domain.expressions import holds
from domain.facts import ElementActivated, ElementCompleted, ElementTerminated, ProcessInstanceEnded, SequenceFlowTaken
from domain.mapping import map_inputs, map_outputs
from domain.refusals import ExecutionFailed
from domain.waiting import open_subscriptions, start_timers, stop_waiting, waits_for_events


def enter(decision: Decision, key: int) -> None:
    """The token arrives: the element is active, has its inputs, and does its work or waits. An asynchronous one lets the token wait."""
    token = decision.state.tokens[key]
    element = decision.target(token)
    if element.async_before:
        hold_before(decision, element, key)
    else:
        activate(decision, element, key, token.scope)


def activate(decision: Decision, element: Element, key: int, scope: int) -> None:
    """Make the element active in a scope, and let it do its work or wait."""
    begin(decision, element, key, scope)
    decision.behaviour(element).activate(decision, key)


def begin(decision: Decision, element: Element, key: int, scope: int) -> None:
    """Make the element active in a scope and no more (BPMN page §1 has the order)."""
    decision.at = element.id
    waits = waits_for_events(element)
    decision.record(ElementActivated(key, element.id, scope))
    if waits:
        open_subscriptions(decision, key, element)
    map_inputs(decision, key)
    if waits:
        start_timers(decision, key, element)


def put_token(decision: Decision, element: Element, scope: int) -> None:
    """Put a new token into an element that no flow leads to: a start event, or a boundary event that caught something."""
    if element.async_before:
        hold_before(decision, element, stand(decision, element, scope))
    else:
        activate(decision, element, decision.state.next_key, scope)


def leave(decision: Decision, key: int) -> None:
    """Leave an activity or event: every flow whose condition holds, else the default flow (BPMN page §7)."""
    depart(decision, key, choose_all(decision, key))


def depart(decision: Decision, key: int, flows: Sequence[SequenceFlow]) -> None:
    """Complete the element and take the flows, or end the token where there are none. Outputs are mapped after the flows were chosen."""
    element, token = decision.element(key), decision.state.tokens[key]
    scope, branch = token.scope, (token.branch or key) if decision.state.is_beside_others(key) else 0
    map_outputs(decision, key)
    stop_waiting(decision, key)
    decision.record(ElementCompleted(key))
    keys = take(decision, flows, scope, branch)
    if element.async_after:
        hold_behind(decision, element, keys, scope)
    elif keys:
        decision.later(*(("arrive", key) for key in keys))
    else:
        end_scope_if_empty(decision, scope)


def take(decision: Decision, flows: Sequence[SequenceFlow], scope: int, branch: int) -> list[int]:
    """Put a token on each flow and return their keys; the first one goes on with the branch."""
    keys = []
    for flow in flows:
        keys.append(key := decision.state.next_key)
        decision.record(SequenceFlowTaken(key, flow.id, scope, branch))
        branch = 0
    return keys


def end_scope_if_empty(decision: Decision, scope: int) -> None:
    """The last token of a scope ended: the sub-process goes on, or the instance has ended."""
    if decision.state.children.get(scope):
        return
    if scope:
        decision.later(("complete", scope))
    elif decision.stays_open:
        decision.ran_out = True
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
        map_outputs(decision, key)
    stop_waiting(decision, key)
    decision.record(ElementTerminated(key))


def cancel_all(decision: Decision, scope: int) -> None:
    """Cancel every token of a scope."""
    for key in decision.state.tokens_in(scope):
        cancel(decision, key)
