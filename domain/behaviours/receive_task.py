"""Receive task: waits for its message, or until somebody signals its execution (BPMN page §6)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour


class ReceiveTaskBehaviour(ElementBehaviour):
    """Waits and leaves as every element does; what it waits for is open while it is active."""
