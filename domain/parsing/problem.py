"""One thing that is wrong with a model, and where."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """An error or a warning (BPMN page §12). Line and column stand just behind the start tag, both from 1; 0 where no place is known."""

    message: str
    line: int = 0
    column: int = 0
    main_element_id: str | None = None
    element_ids: tuple[str, ...] = ()
