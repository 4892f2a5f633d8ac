"""Reads BPMN files into process definitions, or says exactly why a file is refused (BPMN page §12).

A file is refused with Camunda's errors if Camunda has any. Only then is it refused for what gesta never runs, or does not run yet:
nothing that would change how a process runs is ever ignored.
"""

from __future__ import annotations

from domain.elements import ProcessDefinition
from domain.parsing.declarations import read_declarations
from domain.parsing.document import Document
from domain.parsing.markup import children
from domain.parsing.model_refused import ModelRefused
from domain.parsing.problem import Problem
from domain.parsing.processes import read_process
from domain.parsing.reading import PARSING_FAILED, Halted, Reading
from domain.parsing.schema import check_schema
from domain.refusals import ExecutionFailed

__all__ = ["ModelRefused", "Problem", "is_model_name", "parse_model"]


def is_model_name(name: str) -> bool:
    """Tell whether a deployed resource of that name is a model."""
    return name.endswith((".bpmn20.xml", ".bpmn"))


def parse_model(name: str, content: bytes, *, enforce_history_time_to_live: bool = False) -> tuple[ProcessDefinition, ...]:
    """Return the executable processes of a file, in document order.

    Raises ModelRefused for a model with errors, ExecutionFailed where Camunda fails in another way: XML that is not well-formed,
    expressions that cannot be parsed, a process without an id.
    """
    document = Document(name, content)
    reading = Reading(document)
    found: list[ProcessDefinition] = []
    try:
        check_schema(reading)
        read_declarations(reading, document.root)
        for process in children(document.root, "process"):
            if process.get("isExecutable", "").lower() == "true":
                found.append(read_process(reading, process, enforce_history_time_to_live=enforce_history_time_to_live))
    except Halted as halted:
        _refuse(reading)
        raise ExecutionFailed(PARSING_FAILED) from halted
    except ExecutionFailed:
        _refuse(reading)
        raise
    _refuse(reading)
    _refuse_missing_keys(found)
    if reading.not_run:
        raise ModelRefused(name, tuple(reading.not_run), tuple(reading.warnings))
    return tuple(found)


def _refuse(reading: Reading) -> None:
    if reading.errors:
        raise ModelRefused(reading.document.resource, tuple(reading.errors), tuple(reading.warnings)) from None


def _refuse_missing_keys(definitions: list[ProcessDefinition]) -> None:
    if any(not definition.key for definition in definitions):
        text = "An exception occurred in the persistence layer. Please check the server logs for a detailed message"
        raise ExecutionFailed(f"{text} and the entire exception stack trace.", "ProcessEnginePersistenceException")
