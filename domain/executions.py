"""Executions (BPMN page §1): which one a token runs on. They are numbers in an instance, not things of their own."""

from __future__ import annotations

from typing import Protocol

from domain.elements import Element, is_scope
from domain.state import CONCURRENT_EXECUTION, SCOPE_EXECUTION


class Token(Protocol):
    """A token in an element or on a flow; `branch` is the key of the first token of its branch, 0 if it is the first itself."""

    @property
    def key(self) -> int: ...
    @property
    def scope(self) -> int: ...
    @property
    def branch(self) -> int: ...


def scope_execution(scope: int) -> int:
    """The ordinal of the execution that a scope stands for; the instance's own scope has the instance's."""
    return scope + SCOPE_EXECUTION if scope else 0


def execution_of(token: Token, beside_others: bool, element: Element | None = None) -> int:
    """The ordinal of a token's execution: that of its element where this is a scope, its branch's beside others, else that around it."""
    if element is not None and is_scope(element):
        return token.key + SCOPE_EXECUTION
    return (token.branch or token.key) + CONCURRENT_EXECUTION if beside_others else scope_execution(token.scope)
