"""EL's grammar (JSR-341 §1.20, without lambdas and assignments), and what JUEL says where a text breaks it."""

from __future__ import annotations

from functools import cache
from typing import NoReturn, Protocol

from lark import Lark, Token
from lark.exceptions import UnexpectedToken

from domain.expressions.compile import DEPTH_MAX, Compiler, NestedTooDeeply, Node
from domain.expressions.scanner import ExpressionSyntaxError, Piece, scan, syntax_error

GRAMMAR = """
    start: part+
    part: TEXT -> text
        | START choice END -> evaluated
    ?choice: either
        | either QUESTION choice COLON choice -> conditional
    ?either: both
        | either OR both -> disjunction
    ?both: equality
        | both AND equality -> conjunction
    ?equality: comparison
        | equality (EQ | NE) comparison -> binary
    ?comparison: sum
        | comparison (LT | GT | LE | GE) sum -> binary
    ?sum: product
        | sum (PLUS | MINUS) product -> binary
    ?product: unary
        | product (TIMES | DIV | MOD) unary -> binary
    ?unary: value
        | MINUS unary -> negative
        | NOT unary -> negation
        | EMPTY unary -> emptiness
    ?value: INTEGER -> integer
        | FLOAT -> double
        | STRING -> string
        | TRUE -> true
        | FALSE -> false
        | NULL -> null
        | NAME -> variable
        | NAME arguments -> function
        | LPAR choice RPAR -> nested
        | value DOT NAME -> property
        | value DOT NAME arguments -> method
        | value LSQB choice RSQB -> element
        | value LSQB choice RSQB arguments -> element_method
    arguments: LPAR RPAR
        | LPAR choice (COMMA choice)* RPAR
    %declare TEXT START END QUESTION COLON OR AND EQ NE LT GT LE GE PLUS MINUS TIMES DIV MOD NOT EMPTY INSTANCEOF
    %declare INTEGER FLOAT STRING TRUE FALSE NULL NAME LPAR RPAR DOT LSQB RSQB COMMA
"""
OPERANDS = "<IDENTIFIER>|<STRING>|<FLOAT>|<INTEGER>|'true'|'false'|'null'|'-'|'!'|'not'|'empty'|'('"
CLOSERS = {"RPAR": "')'", "RSQB": "']'", "END": "'}'", "COLON": "':'"}


class ParserSession(Protocol):
    """What is used of lark's interactive parser."""

    def feed_token(self, token: Token, /) -> Node | None:
        """Take the next token; the last one gives the result."""

    def accepts(self) -> set[str]:
        """Return the terminals that may come next."""


def parse(text: str) -> Node:
    """Compile an expression text; raises ExpressionSyntaxError."""
    session: ParserSession = _parser().parse_interactive("")
    opening = ""
    for piece in scan(text):
        if piece.kind == "START":
            opening = opening or piece.image
            if piece.image != opening:
                syntax_error(text, piece.position, piece.image, f"'{opening}'")
        elif piece.kind == "INTEGER" and not _is_long(piece.image):
            syntax_error(text, piece.position, piece.image, "<INTEGER>")
        _feed(session, text, piece)
    node = _feed(session, text, Piece("$END", "null", len(text)))
    assert node is not None
    return node


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=Compiler(), maybe_placeholders=False)


def _is_long(digits: str) -> bool:
    return len(digits) < 19 or (len(digits.lstrip("0")) <= 19 and int(digits) <= 0x7FFFFFFFFFFFFFFF)


def _feed(session: ParserSession, text: str, piece: Piece) -> Node | None:
    try:
        return session.feed_token(Token(piece.kind, piece.image))
    except UnexpectedToken:
        _refuse(session, text, piece)
    except NestedTooDeeply:
        raise ExpressionSyntaxError(f"Error parsing '{text}': it is nested more than {DEPTH_MAX} levels deep") from None


def _refuse(session: ParserSession, text: str, piece: Piece) -> NoReturn:
    accepted = session.accepts()
    if "NAME" in accepted:
        expected = "')'" if "RPAR" in accepted else OPERANDS if "LPAR" in accepted else "<IDENTIFIER>"
    else:
        expected = next((said for terminal, said in CLOSERS.items() if terminal in accepted), "'}'")
    syntax_error(text, piece.position, piece.image, expected)
