"""Compares two traces of one scenario, step by step and as text: 1, 1.0 and true are different."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from itertools import zip_longest

from tests.acceptance.oracle.play import stopped
from tests.acceptance.oracle.trace import Step, Trace

SHORT = 24
WIDEST = 300


def lines(trace: Iterable[Step]) -> list[str]:
    """A trace as text."""
    return [line for step in trace for line in json.dumps(step, indent=1, ensure_ascii=False, sort_keys=True).splitlines()]


def same(wanted: Trace, got: Trace) -> bool:
    """Tell whether two traces are equal."""
    return lines(wanted) == lines(got)


def difference(wanted: Trace, got: Trace, verbose: bool = False) -> list[str]:
    """Where two traces differ: the first such step, then a diff that is cut short unless `verbose`."""
    if problem := stopped(wanted):
        return [f"the reference cannot be used: it {problem}"]
    pairs = zip_longest(wanted, got)
    first = next((number for number, (a, b) in enumerate(pairs) if a is None or b is None or lines([a]) != lines([b])), 0)
    where = wanted[first]["call"] if first < len(wanted) else "end"
    diff = list(difflib.unified_diff(lines(wanted), lines(got), "reference", "this", n=2, lineterm=""))
    return [f"first at step {first + 1}: {where}", *(line[:WIDEST] for line in diff[: None if verbose else SHORT])]
