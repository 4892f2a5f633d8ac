"""Intermediate catch event: waits for a message, a signal or a time (BPMN page §8)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour


class CatchEventBehaviour(ElementBehaviour):
    """Waits and leaves as every element does; what it waits for is open while it is active."""
