"""A file while it is read: what it declares, and what was found to be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from domain.expressions import Expression, ExpressionSyntaxError
from domain.parsing.document import Document
from domain.parsing.markup import tag_of
from domain.parsing.problem import Problem
from domain.refusals import ExecutionFailed

PARSING_FAILED = "ENGINE-01009 Error while parsing process."


class Halted(Exception):
    """Camunda reads no further behind this error, so nothing behind it may be reported."""


@dataclass(frozen=True, slots=True)
class DeclaredError:
    """An `error` of the file."""

    code: str | None
    message: Expression | None


@dataclass(slots=True)
class Reading:
    """Collects Camunda's errors and warnings, and apart from them what gesta does not run: that counts only if Camunda has no error."""

    document: Document
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    not_run: list[Problem] = field(default_factory=list)
    messages: dict[str | None, str | None] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    declared_errors: dict[str | None, DeclaredError] = field(default_factory=dict)
    escalations: dict[str, str | None] = field(default_factory=dict)
    link_sources: dict[str | None, str | None] = field(default_factory=dict)
    """Names of throwing link events by element id."""
    link_targets: dict[str | None, str | None] = field(default_factory=dict)
    """Element ids of catching link events by link name."""
    activity_ids: set[str] = field(default_factory=set)
    """Of the process that is being read."""
    subscriptions: dict[str | None, set[tuple[str, str | None, bool]]] = field(default_factory=dict)
    """Messages and signals of the process by the id of the activity that waits for them."""
    escalation_handlers: dict[tuple[str | None, bool], set[str | None]] = field(default_factory=dict)
    """Their codes by the id of the activity they belong to and whether they are event sub-processes."""

    def begin_process(self) -> None:
        """Forget what counts within one process only."""
        self.activity_ids.clear()
        self.subscriptions.clear()
        self.escalation_handlers.clear()

    def error(self, message: str, element: Element | None, *ids: str | None) -> None:
        """Note an error of Camunda's at an element; the first of `ids` becomes its main element, the element's own id if there are none."""
        self.errors.append(self._problem(message, element, ids))

    def warn(self, message: str, element: Element | None, *ids: str | None) -> None:
        """Note a warning of Camunda's."""
        self.warnings.append(self._problem(message, element, ids))

    def never(self, element: Element, what: str, owner: str | None = None) -> None:
        """Note that the element says something which gesta is not made for."""
        self._not_run(f"gesta never runs {what}", element, owner)

    def not_yet(self, element: Element, what: str, owner: str | None = None) -> None:
        """Note that the element says something which gesta is going to run one day."""
        self._not_run(f"gesta does not run {what} yet", element, owner)

    def expression(self, text: str) -> Expression:
        """Parse an expression; raises ExecutionFailed as Camunda does at deployment."""
        try:
            return Expression.parse(text)
        except ExpressionSyntaxError as error:
            raise ExecutionFailed(f"{PARSING_FAILED} {error}") from None

    def optional(self, text: str | None) -> Expression | None:
        """Parse an expression that may be missing."""
        return None if text is None else self.expression(text)

    def _not_run(self, reason: str, element: Element, owner: str | None) -> None:
        ids = () if owner in (None, element.get("id")) else (owner,)
        name = owner or element.get("id")
        place = f"{tag_of(element)} '{name}'" if name else tag_of(element)
        self.not_run.append(self._problem(f"{place}: {reason}", element, ids))

    def _problem(self, message: str, element: Element | None, ids: tuple[str | None, ...]) -> Problem:
        own = None if element is None else element.get("id") or None
        line, column = (0, 0) if element is None else self.document.position(element)
        return Problem(message, line, column, ids[0] if ids else own, tuple(one for one in (own, *ids) if one))
