"""Cuts an expression text into tokens the way JUEL does: text around `${…}` and `#{…}`, and what stands between the braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

TOKENS_MAX = 10_000


class ExpressionSyntaxError(ValueError):
    """The text is no expression; the message is Camunda's, without its `ENGINE-01009 Error while parsing process. `."""


class Piece(NamedTuple):
    """A token: its terminal in the grammar, what it says and where it starts."""

    kind: str
    image: str
    position: int


KINDS = {
    "null": "NULL",
    "true": "TRUE",
    "false": "FALSE",
    "empty": "EMPTY",
    "instanceof": "INSTANCEOF",
    "not": "NOT",
    "!": "NOT",
    "and": "AND",
    "&&": "AND",
    "or": "OR",
    "||": "OR",
    "eq": "EQ",
    "==": "EQ",
    "ne": "NE",
    "!=": "NE",
    "lt": "LT",
    "<": "LT",
    "gt": "GT",
    ">": "GT",
    "le": "LE",
    "<=": "LE",
    "ge": "GE",
    ">=": "GE",
    "+": "PLUS",
    "-": "MINUS",
    "*": "TIMES",
    "/": "DIV",
    "div": "DIV",
    "%": "MOD",
    "mod": "MOD",
    "?": "QUESTION",
    ":": "COLON",
    ".": "DOT",
    ",": "COMMA",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQB",
    "]": "RSQB",
    "}": "END",
}

OPENING = re.compile(r"(?P<escape>\\*)(?P<start>[$#]\{)")
INSIDE = re.compile(
    r"""
      (?P<FLOAT>    [0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)? | \.[0-9]+(?:[eE][+-]?[0-9]+)? | [0-9]+[eE][+-]?[0-9]+ )
    | (?P<INTEGER>  [0-9]+ )
    | (?P<NAME>     (?:[^\W\d]|\$)[\w$]*+ )
    | (?P<STRING>   '(?:[^'\\]|\\['\\])*+' | "(?:[^"\\]|\\["\\])*+" )
    | (?P<OPERATOR> && | \|\| | [=!<>]= | [-+*/%?:.,()\[\]<>!}] )
    """,
    re.VERBOSE,
)
SPACE = re.compile(r"\s*+")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def is_plain(text: str) -> bool:
    """Tell whether the text holds no `${` and no `#{`, not even an escaped one."""
    return "${" not in text and "#{" not in text


def scan(text: str) -> Iterator[Piece]:
    """Cut the text into tokens, lazily, so that the first mistake is the one that is told."""
    position = count = 0
    while position < len(text):
        piece, position = _text(text, position)
        if piece.image:
            yield piece
        if position == len(text):
            return
        yield Piece("START", text[position : position + 2], position)
        position += 2
        for piece, end in _inside(text, position):
            count += 1
            if count > TOKENS_MAX:
                raise ExpressionSyntaxError(f"Error parsing '{text[:60]}…': it has more than {TOKENS_MAX} tokens")
            position = end
            yield piece


def _text(text: str, start: int) -> tuple[Piece, int]:
    """Read up to the next opening that no backslash escapes; return the text and where it ends."""
    said, position = [], start
    for opening in OPENING.finditer(text, start):
        slashes = len(opening["escape"])
        said.append(text[position : opening.start()])
        position = opening.start("start")
        if slashes == 0:
            return Piece("TEXT", "".join(said), start), position
        said.append("\\" * (slashes - 1))
    said.append(text[position:])
    return Piece("TEXT", "".join(said), start), len(text)


def _inside(text: str, position: int) -> Iterator[tuple[Piece, int]]:
    """Read the tokens of one eval, its closing brace included."""
    while True:
        position = _after_space(text, position)
        if position == len(text):
            return
        found = INSIDE.match(text, position)
        if found is None:
            _refuse(text, position)
        piece = _piece(found)
        position = found.end()
        yield piece, position
        if piece.kind == "END":
            return


def _after_space(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def _piece(found: re.Match[str]) -> Piece:
    kind, image, position = found.lastgroup or "", found.group(), found.start()
    if kind == "STRING":
        image = ESCAPED.sub(r"\1", image[1:-1])
    elif kind in ("NAME", "OPERATOR"):
        kind = KINDS.get(image, kind)
    return Piece(kind, image, position)


def _refuse(text: str, position: int) -> NoReturn:
    character = text[position]
    if character not in "'\"":
        lexical_error(text, position, f"invalid character '{character}'", "expression token")
    good = re.compile(rf"(?:[^{character}\\]|\\[{character}\\])*+").match(text, position + 1)
    rest = text[good.end() :] if good else ""
    if not rest:
        lexical_error(text, position, "unterminated string", character)
    if rest == "\\":
        lexical_error(text, position, "unterminated string", f"{character} or \\")
    lexical_error(text, position, f"invalid escape sequence {rest[:2]}", f"\\{character} or \\\\")


def lexical_error(text: str, position: int, encountered: str, expected: str) -> NoReturn:
    raise ExpressionSyntaxError(
        f"Error parsing '{text}': lexical error at position {position}, encountered {encountered}, expected {expected}."
    )


def syntax_error(text: str, position: int, encountered: str, expected: str) -> NoReturn:
    raise ExpressionSyntaxError(
        f"Error parsing '{text}': syntax error at position {position}, encountered '{encountered}', expected {expected}."
    )
