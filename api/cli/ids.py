"""Ids that a command is given."""

from __future__ import annotations

from api.cli.refusal import CommandRefused
from domain.ids import is_id


def require_id(text: str) -> None:
    """Raise CommandRefused for a text that nothing can have as its id."""
    if not is_id(text):
        raise CommandRefused(f"'{text}' is no id; one looks like 0192e1c2-5b7a-7c3e-8f00-1a2b30000000")
