"""Why a file was not deployed: Camunda's ParseException with everything that was found."""

from __future__ import annotations

from domain.parsing.problem import Problem
from domain.refusals import Refusal

MOST_TOLD = 500
"""Problems of a kind that clients are told: nobody reads more, and a hostile file has hundreds of thousands."""


class ModelRefused(Refusal):
    """A model with errors; its message lists them as Camunda does (BPMN page §12)."""

    def __init__(self, resource: str, errors: tuple[Problem, ...], warnings: tuple[Problem, ...] = ()) -> None:
        lines = "".join(f"\n* {_line(problem, resource)}" for problem in errors[:MOST_TOLD])
        more = f"\n* and {len(errors) - MOST_TOLD} more" if len(errors) > MOST_TOLD else ""
        super().__init__(f"ENGINE-09005 Could not parse BPMN process. Errors: {lines}{more}")
        self.resource = resource
        self.errors = errors
        self.warnings = warnings


def _line(problem: Problem, resource: str) -> str:
    place = f" | line {problem.line} | column {problem.column}" if problem.line else ""
    return f"{problem.message} | resource {resource}{place}"
