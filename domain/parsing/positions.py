"""Where start tags end, which is where Camunda says that an element is. Computed only when something is reported."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

_TAGS = re.compile(r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|</[^>]*>|(<(?:[^>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


class Positions:
    """Lines and columns in a well-formed text without DOCTYPE."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of_element(self, number: int) -> tuple[int, int]:
        """Return line and column, both from 1, just behind the start tag of the n-th element in document order, counted from 0."""
        return self.of_offset(self._tag_ends[number])

    def of_end(self) -> tuple[int, int]:
        """Return line and column behind the last character that is no space."""
        return self.of_offset(len(self._text.rstrip()))

    def of_offset(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of a character of the text."""
        lines_before = bisect_left(self._line_starts, offset + 1) - 1
        return lines_before + 1, offset - self._line_starts[lines_before] + 1

    @cached_property
    def _tag_ends(self) -> list[int]:
        return [match.end() for match in _TAGS.finditer(self._text) if match.group(1)]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_ENDS.finditer(self._text))]
