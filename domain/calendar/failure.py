"""Why a text about time cannot be read."""

from __future__ import annotations


class Unreadable(Exception):
    """Its message is the reason in the words of the Java libraries that Camunda reads with."""
