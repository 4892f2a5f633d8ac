"""Reads the part of Java's regular expressions that can be matched in linear time: no references back, no looking around."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, NoReturn, TypeAlias

from domain.expressions.failures import MethodFailed

DEPTH_MAX = 20
REPETITIONS_MAX = 1000
DIGITS = frozenset("0123456789")
WORD = DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
SPACE = frozenset(" \t\n\x0b\f\r")
LINE_ENDS = frozenset("\n\r\x85\u2028\u2029")
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
QUANTIFIERS = {"*": (0, None), "+": (1, None), "?": (0, 1)}

Test: TypeAlias = Callable[[str], bool]


class Single(NamedTuple):
    """One character that passes the test."""

    test: Test


class Edge(NamedTuple):
    """The start or the end of the text."""

    start: bool


class Sequence(NamedTuple):
    parts: tuple[Part, ...]


class Choice(NamedTuple):
    """The first that matches counts."""

    parts: tuple[Part, ...]


class Repetition(NamedTuple):
    part: Part
    least: int
    most: int | None
    greedy: bool


Part: TypeAlias = Single | Edge | Sequence | Choice | Repetition


def _one_of(characters: frozenset[str], negated: bool = False) -> Test:
    return (lambda character: character not in characters) if negated else (lambda character: character in characters)


def _ignoring_case(test: Test) -> Test:
    return lambda character: test(character) or test(character.lower()) or test(character.upper())


CLASSES: dict[str, Test] = {
    "d": _one_of(DIGITS),
    "D": _one_of(DIGITS, negated=True),
    "w": _one_of(WORD),
    "W": _one_of(WORD, negated=True),
    "s": _one_of(SPACE),
    "S": _one_of(SPACE, negated=True),
}


def read_pattern(pattern: str) -> Part:
    """Return the pattern's structure; raises MethodFailed with Java's PatternSyntaxException."""
    return PatternReader(pattern).read()


class PatternReader:
    """A position in a pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._ignores_case = pattern.startswith("(?i)")
        self._position = 4 if self._ignores_case else 0
        self._depth = 0

    def read(self) -> Part:
        part = self._choice()
        if self._position < len(self._pattern):
            self._refuse("Unmatched closing ')'")
        return part

    def _refuse(self, why: str) -> NoReturn:
        caret = f"\n{' ' * self._position}^" if self._position < len(self._pattern) else ""
        raise MethodFailed(f"java.util.regex.PatternSyntaxException: {why} near index {self._position}\n{self._pattern}{caret}")

    def _next(self) -> str:
        return self._pattern[self._position : self._position + 1]

    def _take(self) -> str:
        character = self._next()
        if not character:
            self._refuse("Unexpected end")
        self._position += 1
        return character

    def _choice(self) -> Part:
        parts = [self._sequence()]
        while self._next() == "|":
            self._position += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Part:
        parts = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._quantified(self._atom()))
        return Sequence(tuple(parts))

    def _quantified(self, part: Part) -> Part:
        sign = self._next()
        if sign not in ("*", "+", "?", "{"):
            return part
        self._position += 1
        least, most = QUANTIFIERS[sign] if sign != "{" else self._counts()
        following = self._next()
        if following in ("+", "*", "{"):
            self._refuse("Possessive and repeated quantifiers are not allowed")
        self._position += following == "?"
        return Repetition(part, least, most, greedy=following != "?")

    def _counts(self) -> tuple[int, int | None]:
        end = self._pattern.find("}", self._position)
        least, comma, most = self._pattern[self._position : end].partition(",")
        if end < 0 or not _is_count(least) or (most and not _is_count(most)):
            self._refuse("Illegal repetition")
        self._position = end + 1
        bounds = int(least), int(most) if most else None if comma else int(least)
        if bounds[1] is not None and bounds[1] < bounds[0]:
            self._refuse("Illegal repetition range")
        return bounds

    def _atom(self) -> Part:
        character = self._take()
        if character == "(":
            return self._group()
        if character in "^$":
            return Edge(character == "^")
        if character in "*+?{":
            self._refuse(f"Dangling meta character '{character}'")
        return Single(self._test(character))

    def _test(self, character: str) -> Test:
        if character == ".":
            return _one_of(LINE_ENDS, negated=True)
        if character == "[":
            return self._bracketed()
        test = self._escaped() if character == "\\" else _one_of(frozenset(character))
        return _ignoring_case(test) if self._ignores_case else test

    def _group(self) -> Part:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            self._refuse("Too many nested groups")
        if self._next() == "?":
            if self._pattern[self._position : self._position + 2] != "?:":
                self._refuse("Only plain groups and (?:…) are allowed")
            self._position += 2
        part = self._choice()
        if self._next() != ")":
            self._refuse("Unclosed group")
        self._position += 1
        self._depth -= 1
        return part

    def _escaped(self) -> Test:
        character = self._take()
        if character in CLASSES:
            return CLASSES[character]
        if character.isalnum() and character not in CONTROLS:
            self._refuse(f"\\{character} is not allowed")
        return _one_of(frozenset(CONTROLS.get(character, character)))

    def _bracketed(self) -> Test:
        start = self._position - 1
        negated = self._next() == "^"
        self._position += negated
        tests: list[Test] = []
        while self._next() != "]" or not tests:
            if not self._next():
                self._position = start
                self._refuse("Unclosed character class")
            tests.append(self._member())
        self._position += 1
        return _any_of(tuple(map(_ignoring_case, tests) if self._ignores_case else tests), negated)

    def _member(self) -> Test:
        character = self._take()
        if character == "[" or (character == "&" and self._next() == "&"):
            self._refuse("Nested character classes are not allowed")
        if character == "\\":
            return self._escaped()
        if self._next() != "-" or self._pattern[self._position + 1 : self._position + 2] in ("]", ""):
            return _one_of(frozenset(character))
        self._position += 1
        last = self._take()
        if last in "[\\" or last < character:
            self._refuse("Illegal character range")
        return lambda other: character <= other <= last


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= REPETITIONS_MAX


def _any_of(tests: tuple[Test, ...], negated: bool) -> Test:
    return lambda character: any(test(character) for test in tests) != negated
