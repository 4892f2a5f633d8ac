"""What the facts of one transaction change in the read models."""

from __future__ import annotations

from domain.facts import Fact, Recorded
from projections.changes import Changes
from projections.rows import Statement
from tests.unit.projections.golden_facts import ENVELOPE


def statements(*facts: tuple[str, Fact]) -> list[Statement]:
    """What the facts of one transaction change; each stands beside its stream."""
    changes = Changes()
    changes.project(Recorded(stream, version, ENVELOPE, fact) for version, (stream, fact) in enumerate(facts, 1))
    return list(changes.statements())
