"""Locks that ran out: one row each, with the topic that the task has."""

from __future__ import annotations

from domain.facts import ExternalTaskLockExpired
from projections.history.lock_expiry.project import LockExpiries, LockExpiry
from tests.unit.history.stories import BEGUN, INSTANCE, WORK, Story, new, task


def test_every_lock_that_ran_out_has_a_row() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    first, second = (story.command(at, task(ExternalTaskLockExpired())) for at in (2000, 3000))
    changes = story.batch(first, second)

    assert new(changes, LockExpiries) == [
        LockExpiry(position, INSTANCE, WORK, at, "work", "t") for position, at in ((106, 2000), (107, 3000))
    ]
