"""Executions (BPMN page §1): which one an active element runs on. They are numbers in an instance, not things of their own."""

from __future__ import annotations

from domain.elements import Element, is_scope
from domain.state import CONCURRENT_EXECUTION, SCOPE_EXECUTION


def scope_execution(scope: int) -> int:
    """The ordinal of the execution that a scope stands for; the instance's own scope has the instance's."""
    return scope + SCOPE_EXECUTION if scope else 0


def execution_of(element: Element, key: int, scope: int, alone: bool) -> int:
    """The ordinal of an element instance's execution: its own, its token's beside others, else that of the scope around it."""
    if is_scope(element):
        return key + SCOPE_EXECUTION
    return scope_execution(scope) if alone else key + CONCURRENT_EXECUTION
