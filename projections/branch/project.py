"""Rows of `branch` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import ElementCompleted, ElementTerminated, ProcessInstanceEnded, Recorded, SequenceFlowTaken
from domain.ids import last_part_id, part_id
from projections.rows import ReadModel, Statement, columns

# Purpose: the tokens that branches have come to.
UPSERT = """
INSERT INTO branch (first_id, token_id) SELECT * FROM unnest(%b::uuid[], %b::uuid[])
ON CONFLICT (first_id) DO UPDATE SET token_id = excluded.token_id
"""
# Purpose: what is left of instances that ended.
END_INSTANCES = "DELETE FROM branch b USING unnest(%b::uuid[], %b::uuid[]) c(first, last) WHERE b.first_id BETWEEN c.first AND c.last"


class Branches(ReadModel):
    """A row whose token is gone means nothing; it goes with its instance."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._branches: dict[str, str] = {}
        self._instances_ended: list[str] = []

    def taken(self, record: Recorded, fact: SequenceFlowTaken) -> None:
        if fact.branch:
            token = part_id(record.originator_id, fact.key)
            self._branches[token] = part_id(record.originator_id, fact.branch)
            self._tokens[self._branches[token]] = token

    def left(self, record: Recorded, fact: ElementCompleted | ElementTerminated) -> None:
        if self._branches:
            branch = self._branches.pop(part_id(record.originator_id, fact.key), None)
            if branch is not None:
                del self._tokens[branch]

    def ended(self, record: Recorded, fact: ProcessInstanceEnded) -> None:
        self._instances_ended.append(record.originator_id)

    def inserts(self) -> Iterable[Statement]:
        if self._tokens:
            yield UPSERT, columns(self._tokens.items())

    def deletions(self) -> Iterable[Statement]:
        if self._instances_ended:
            yield END_INSTANCES, [self._instances_ended, [last_part_id(instance_id) for instance_id in self._instances_ended]]

    projectors = {SequenceFlowTaken: taken, ElementCompleted: left, ElementTerminated: left, ProcessInstanceEnded: ended}
