"""What a file declares beside its processes: messages, signals, errors and escalations."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.parsing.markup import children, extension
from domain.parsing.reading import DeclaredError, Reading


def read_declarations(reading: Reading, root: Element) -> None:
    """Read them in the order in which Camunda reports their errors."""
    reading.messages.update((message.get("id"), message.get("name")) for message in children(root, "message"))
    _read_signals(reading, root)
    _read_errors(reading, root)
    _read_escalations(reading, root)


def local_name(reference: str | None) -> str | None:
    """Return a reference without its prefix."""
    return None if reference is None else reference.rpartition(":")[2]


def _read_signals(reading: Reading, root: Element) -> None:
    names = set()
    for signal in children(root, "signal"):
        identifier, name = signal.get("id"), signal.get("name")
        if name in names:
            reading.error(f"duplicate signal name '{name}'.", signal)
        if identifier is None:
            reading.error("signal must have an id", signal)
        elif name is None:
            reading.error(f"signal with id '{identifier}' has no name", signal)
        else:
            reading.signals[identifier] = name
            names.add(name)


def _read_errors(reading: Reading, root: Element) -> None:
    for error in children(root, "error"):
        identifier = error.get("id")
        if identifier is None:
            reading.error("'id' is mandatory on error definition", error)
        message = reading.optional(extension(error, "errorMessage"))
        reading.declared_errors[identifier] = DeclaredError(error.get("errorCode"), message)


def _read_escalations(reading: Reading, root: Element) -> None:
    for escalation in children(root, "escalation"):
        identifier = escalation.get("id")
        if identifier is None:
            reading.error("escalation must have an id", escalation)
        else:
            reading.escalations[identifier] = escalation.get("escalationCode")
