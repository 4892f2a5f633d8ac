"""Matches regular expressions without going back (Thompson's construction, Pike's machine): no pattern takes exponential time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from domain.expressions.evaluation import bounded
from domain.expressions.failures import MethodFailed, TooMuchWork
from domain.expressions.regex_syntax import LINE_ENDS, Choice, Edge, Part, Repetition, Sequence, Single, Test, read_pattern

PROGRAM_MAX = 2000
PATTERN_MAX = 1000

Spend: TypeAlias = Callable[[int], None]


class Step(NamedTuple):
    """One instruction: test a character and go on, be at an edge and go on, or follow `ways`, the preferred first."""

    test: Test | None = None
    edge: Edge | None = None
    ways: tuple[int, ...] = ()


class Match(NamedTuple):
    start: int
    end: int


class Program:
    """A pattern ready to match; its last step means a match."""

    def __init__(self, pattern: str) -> None:
        self._steps: list[Step] = []
        self._written = 0
        self._write(read_pattern(pattern))
        self._steps.append(Step())

    def matches(self, text: str, spend: Spend) -> bool:
        """Tell whether the whole text matches."""
        return self._run(text, 0, spend, whole=True) is not None

    def find_all(self, text: str, spend: Spend) -> Iterator[Match]:
        """Find the matches that do not overlap, from the left."""
        start = 0
        while start <= len(text):
            end = self._run(text, start, spend, whole=False)
            if end is None:
                start += 1
                continue
            yield Match(start, end)
            start = max(end, start + 1)

    def _write(self, part: Part) -> None:
        self._written += 1
        if self._written > PROGRAM_MAX:
            raise TooMuchWork("uses a regular expression that is too large")
        if isinstance(part, Single):
            self._steps.append(Step(test=part.test))
        elif isinstance(part, Edge):
            self._steps.append(Step(edge=part))
        elif isinstance(part, Sequence):
            for inner in part.parts:
                self._write(inner)
        elif isinstance(part, Choice):
            self._write_choice(part)
        else:
            self._write_repetition(part)

    def _write_choice(self, choice: Choice) -> None:
        fork = self._reserve()
        starts, ends = [], []
        for inner in choice.parts:
            starts.append(len(self._steps))
            self._write(inner)
            ends.append(self._reserve())
        self._steps[fork] = Step(ways=tuple(starts))
        for end in ends:
            self._steps[end] = Step(ways=(len(self._steps),))

    def _write_repetition(self, repeated: Repetition) -> None:
        for _ in range(repeated.least):
            self._write(repeated.part)
        if repeated.most is None:
            fork = self._reserve()
            self._write(repeated.part)
            self._steps.append(Step(ways=(fork,)))
            self._steps[fork] = self._fork(fork + 1, len(self._steps), repeated.greedy)
            return
        forks = []
        for _ in range(repeated.most - repeated.least):
            forks.append(self._reserve())
            self._write(repeated.part)
        for fork in forks:
            self._steps[fork] = self._fork(fork + 1, len(self._steps), repeated.greedy)

    def _reserve(self) -> int:
        self._steps.append(Step())
        return len(self._steps) - 1

    @staticmethod
    def _fork(inside: int, after: int, greedy: bool) -> Step:
        return Step(ways=(inside, after) if greedy else (after, inside))

    def _run(self, text: str, start: int, spend: Spend, whole: bool) -> int | None:
        """Return where the preferred match that begins at `start` ends."""
        last, found = len(self._steps) - 1, None
        threads = self._follow([0], text, start, spend)
        for position in range(start, len(text) + 1):
            following: list[int] = []
            for thread in threads:
                if thread != last:
                    following.append(thread)
                elif not whole:
                    found = position
                    break
                elif position == len(text):
                    return position
            if position == len(text) or not following:
                return found
            character = text[position]
            passed = [thread + 1 for thread in following if self._passes(thread, character)]
            threads = self._follow(passed, text, position + 1, spend)
        return found

    def _passes(self, thread: int, character: str) -> bool:
        test = self._steps[thread].test
        return test is not None and test(character)

    def _follow(self, starts: list[int], text: str, position: int, spend: Spend) -> list[int]:
        """Return the steps that test a character (or mean a match) and are reached from `starts`, the preferred first."""
        reached, seen, waiting = [], set(), starts[::-1]
        last = len(self._steps) - 1
        while waiting:
            index = waiting.pop()
            if index in seen:
                continue
            seen.add(index)
            step = self._steps[index]
            if step.test is not None or index == last:
                reached.append(index)
            elif step.edge is None:
                waiting.extend(step.ways[::-1])
            elif _is_at(step.edge, text, position):
                waiting.append(index + 1)
        spend(len(seen) + 1)
        return reached


def _is_at(edge: Edge, text: str, position: int) -> bool:
    if edge.start:
        return position == 0
    return position == len(text) or (position == len(text) - 1 and text[position] in LINE_ENDS)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Program:
    """Return the program of a pattern."""
    if len(pattern) > PATTERN_MAX:
        raise TooMuchWork("uses a regular expression that is too large")
    return Program(pattern)


def replaced(text: str, pattern: str, replacement: str, spend: Spend, only_first: bool = False) -> str:
    """Put the replacement in the place of every match; it may not refer to groups."""
    if "$" in replacement or "\\" in replacement:
        raise MethodFailed("java.lang.IllegalArgumentException: Illegal group reference: a replacement has no $ and no \\ here")
    parts: list[str] = []
    after = 0
    for match in compiled(pattern).find_all(text, spend):
        parts += [text[after : match.start], replacement]
        after = match.end
        if only_first:
            break
    bounded(sum(map(len, parts)) + len(text) - after)
    return "".join([*parts, text[after:]])


def split(text: str, pattern: str, limit: int, spend: Spend) -> tuple[str, ...]:
    """Cut the text at the matches as String.split does: with limit 0 without empty texts at the end."""
    parts: list[str] = []
    after = 0
    for match in compiled(pattern).find_all(text, spend):
        if len(parts) == limit - 1:
            break
        if match.end == 0:
            continue
        parts.append(text[after : match.start])
        after = match.end
    if not parts:
        return (text,)
    parts.append(text[after:])
    while limit == 0 and parts and not parts[-1]:
        parts.pop()
    return tuple(parts)
