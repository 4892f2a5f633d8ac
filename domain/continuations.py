"""Asynchronous continuations: a token waits at the border of an element until a job moves it (BPMN page §2)."""

from __future__ import annotations

from collections.abc import Sequence

from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import Element
from domain.executions import execution_of
from domain.facts import JobCreated, TokenHeld
from domain.priorities import priority_of
from domain.state import ASYNC_AFTER, ASYNC_BEFORE


def hold_before(decision: Decision, element: Element, key: int) -> None:
    """Keep a token that is on its way, or stands, before an element."""
    _create(decision, element, key, ASYNC_BEFORE)


def hold_behind(decision: Decision, element: Element, keys: Sequence[int], scope: int) -> None:
    """Keep the tokens on the flows behind an element; without any flow, the one that ends there."""
    if not keys:
        key = stand(decision, element, scope)
        _create(decision, element, key, ASYNC_AFTER)
    for key in keys:
        _create(decision, element, key, ASYNC_AFTER)


def stand(decision: Decision, element: Element, scope: int) -> int:
    """Put a token at the border of an element and return its key."""
    key = decision.state.next_key
    decision.record(TokenHeld(key, element.id, scope))
    return key


def _create(decision: Decision, element: Element, key: int, kind: str) -> None:
    state = decision.state
    priority = priority_of(element.job_priority or decision.definition.job_priority, ScopeContext(decision, state.tokens[key].scope))
    decision.record(
        JobCreated(
            state.next_key,
            kind,
            element.id,
            state.definition_id,
            key,
            execution_of(state.tokens[key], state.is_beside_others(key)),
            priority=priority,
            tenant_id=state.tenant_id,
            scope=state.tokens[key].scope,
        )
    )
