"""An expression of a model, such as `${amount > 100}` or `order-${id}` (BPMN page §11): parsed once, run as often as needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from domain.expressions.coercion import java_class
from domain.expressions.evaluation import Context, Evaluation
from domain.expressions.failures import Failure
from domain.expressions.scanner import is_plain
from domain.expressions.syntax import parse
from domain.refusals import ExecutionFailed


@dataclass(frozen=True, slots=True)
class Expression:
    """A text that is computed; two expressions of the same text are equal. A literal's value is its text."""

    text: str
    is_literal: bool = field(default=True, compare=False)
    """It holds no `${…}` and no `#{…}`."""
    _run: Callable[[Evaluation], object] | None = field(default=None, compare=False, repr=False)

    @staticmethod
    def parse(text: str) -> Expression:
        """Return the expression of a text; raises ExpressionSyntaxError."""
        return Expression(text) if is_plain(text) else _parsed(text)

    def evaluate(self, context: Context) -> object:
        """Compute the value; raises ExecutionFailed with Camunda's message."""
        if self._run is None:
            return self.text
        try:
            return self._run(Evaluation(context))
        except Failure as failure:
            raise ExecutionFailed(failure.sentence.format(text=self.text, cause=failure)) from None
        except RecursionError:
            raise ExecutionFailed(f"Error while evaluating expression: {self.text}. Cause: it is nested too deeply") from None

    def __reduce__(self) -> tuple[Callable[[str], Expression], tuple[str]]:
        return Expression.parse, (self.text,)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Expression:
    return Expression(text, False, parse(text).run)


def holds(condition: Expression, context: Context) -> bool:
    """Tell whether a sequence flow's condition is true; raises ExecutionFailed unless the result is a truth value."""
    result = condition.evaluate(context)
    if result is True or result is False:
        return result
    if result is None:
        raise ExecutionFailed("condition expression returns null: result is null")
    raise ExecutionFailed(f"condition expression returns non-Boolean: result has class {java_class(result)} and not java.lang.Boolean")
