"""The expression language of models: `${…}` and `#{…}`, as Camunda 7 reads and computes them (BPMN page §11).

An expression sees variables and a few listed objects, calls only listed methods, and its work is bounded: a hostile text is refused,
never run.
"""

from __future__ import annotations

from domain.expressions.conversion import from_value, to_value
from domain.expressions.evaluation import Context
from domain.expressions.expression import Expression, holds
from domain.expressions.objects import Bean, Date, Integer
from domain.expressions.scanner import ExpressionSyntaxError

__all__ = ["Bean", "Context", "Date", "Expression", "ExpressionSyntaxError", "Integer", "from_value", "holds", "to_value"]
