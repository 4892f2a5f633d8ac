"""Turns what the grammar finds into closures, from the leaves up: nothing is interpreted when an expression runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from lark import Token, Transformer, v_args

from domain.expressions.coercion import to_boolean, to_text
from domain.expressions.conversion import OPENED_ONCE, from_value
from domain.expressions.evaluation import Evaluation, bounded
from domain.expressions.failures import UnknownProperty
from domain.expressions.functions import FUNCTIONS
from domain.expressions.methods import call, read_property
from domain.expressions.operators import BINARY, empty, negate
from domain.expressions.scanner import ExpressionSyntaxError

DEPTH_MAX = 150
BEANS = frozenset(("execution", "task", "externalTask", "caseExecution"))

Run: TypeAlias = Callable[[Evaluation], object]


class Node(NamedTuple):
    """A compiled part: how to run it, how deep it is nested, and what JUEL calls it when it gives null."""

    run: Run
    depth: int = 1
    label: str = ""


class NestedTooDeeply(Exception):
    """Parts within parts beyond DEPTH_MAX."""


def _node(run: Run, *inside: Node, label: str = "") -> Node:
    depth = 1 + max((node.depth for node in inside), default=0)
    if depth > DEPTH_MAX:
        raise NestedTooDeeply
    return Node(run, depth, label)


def _constant(value: object, label: str = "") -> Node:
    return Node(lambda _: value, label=label)


def _variable(name: str) -> Run:
    if name == "authenticatedUserId":
        return lambda evaluation: evaluation.context.authenticated_user

    def run(evaluation: Evaluation) -> object:
        value = evaluation.context.variable(name)
        if value is None:
            return _bean(evaluation, name)
        return evaluation.open(name, value) if value.type in OPENED_ONCE else from_value(value)

    if name not in BEANS:
        return run
    return lambda evaluation: evaluation.context.bean(name) or run(evaluation)


def _bean(evaluation: Evaluation, name: str) -> object:
    bean = evaluation.context.bean(name)
    if bean is None:
        raise UnknownProperty(f"Cannot resolve identifier '{name}'")
    return bean


def _read(target: Node, key: Run) -> Run:
    of = target.run

    def run(evaluation: Evaluation) -> object:
        base = of(evaluation)
        return None if base is None else read_property(evaluation, base, key(evaluation))

    return run


def _invocation(target: Node, name: Run, arguments: list[Node]) -> Run:
    of, computed = target.run, [argument.run for argument in arguments]

    def run(evaluation: Evaluation) -> object:
        base = of(evaluation)
        if base is None:
            raise UnknownProperty(f"Target unreachable, base expression '{target.label}' resolved to null")
        return call(evaluation, base, to_text(name(evaluation)), [compute(evaluation) for compute in computed])

    return run


def _joined(parts: list[Run]) -> Run:
    def run(evaluation: Evaluation) -> str:
        texts, length = [], 0
        for part in parts:
            texts.append(to_text(part(evaluation)))
            length += len(texts[-1])
            bounded(length)
        return "".join(texts)

    return run


@v_args(inline=True)
class Compiler(Transformer[Token, Node]):
    """One method for each alternative of the grammar; called while the text is parsed, so that no tree is built."""

    def start(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else _node(_joined([part.run for part in parts]), *parts)

    def text(self, said: Token) -> Node:
        return _constant(str(said))

    def evaluated(self, _start: Token, inner: Node, _end: Token) -> Node:
        return inner

    def conditional(self, condition: Node, _question: Token, then: Node, _colon: Token, other: Node) -> Node:
        test, yes, no = condition.run, then.run, other.run
        return _node(lambda e: yes(e) if to_boolean(test(e)) else no(e), condition, then, other, label="?")

    def disjunction(self, left: Node, _operator: Token, right: Node) -> Node:
        first, second = left.run, right.run
        return _node(lambda e: to_boolean(first(e)) or to_boolean(second(e)), left, right)

    def conjunction(self, left: Node, _operator: Token, right: Node) -> Node:
        first, second = left.run, right.run
        return _node(lambda e: to_boolean(first(e)) and to_boolean(second(e)), left, right)

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        first, second, operate = left.run, right.run, BINARY[operator.type]
        return _node(lambda e: operate(first(e), second(e)), left, right)

    def negative(self, _minus: Token, operand: Node) -> Node:
        run = operand.run
        return _node(lambda e: negate(run(e)), operand)

    def negation(self, _not: Token, operand: Node) -> Node:
        run = operand.run
        return _node(lambda e: not to_boolean(run(e)), operand)

    def emptiness(self, _empty: Token, operand: Node) -> Node:
        run = operand.run
        return _node(lambda e: empty(run(e)), operand)

    def integer(self, digits: Token) -> Node:
        return _constant(int(digits))

    def double(self, digits: Token) -> Node:
        return _constant(float(digits))

    def string(self, said: Token) -> Node:
        return _constant(str(said))

    def true(self, _word: Token) -> Node:
        return _constant(True)

    def false(self, _word: Token) -> Node:
        return _constant(False)

    def null(self, _word: Token) -> Node:
        return _constant(None, "null")

    def variable(self, name: Token) -> Node:
        return Node(_variable(str(name)), label=str(name))

    def function(self, name: Token, arguments: list[Node]) -> Node:
        if name not in FUNCTIONS:
            raise ExpressionSyntaxError(f"Could not resolve function '{name}'.")
        count, operate = FUNCTIONS[name]
        if len(arguments) != count:
            raise ExpressionSyntaxError(f"Parameters for function '{name}' do not match.")
        computed = [argument.run for argument in arguments]
        return _node(lambda e: operate(e, *[compute(e) for compute in computed]), *arguments, label=str(name))

    def nested(self, _open: Token, inner: Node, _close: Token) -> Node:
        return inner._replace(label="(...)", depth=inner.depth)

    def property(self, target: Node, _dot: Token, name: Token) -> Node:
        key = str(name)
        return _node(_read(target, lambda _: key), target, label=f". {name}")

    def element(self, target: Node, _open: Token, key: Node, _close: Token) -> Node:
        return _node(_read(target, key.run), target, key, label="[...]")

    def method(self, target: Node, _dot: Token, name: Token, arguments: list[Node]) -> Node:
        called = str(name)
        return _node(_invocation(target, lambda _: called, arguments), target, *arguments, label="<method>")

    def element_method(self, target: Node, _open: Token, key: Node, _close: Token, arguments: list[Node]) -> Node:
        return _node(_invocation(target, key.run, arguments), target, key, *arguments, label="<method>")

    def arguments(self, *found: Node | Token) -> list[Node]:
        return [node for node in found if isinstance(node, Node)]
