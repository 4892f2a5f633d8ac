"""Rows of `history_lock_expiry` from facts. The fact comes when the next worker gets the task, not at the moment when the lock ran out."""

from __future__ import annotations

import msgspec

from domain.facts import ExternalTaskLockExpired
from domain.state import TASK
from projections.history.instances import Instance
from projections.history.log import Logged
from projections.history.model import HistoryModel


class LockExpiry(msgspec.Struct):
    """One lock that ran out."""

    position: int
    instance_id: str
    key: int
    timestamp: int
    activity_id: str
    topic: str | None


class LockExpiries(HistoryModel[int, LockExpiry]):
    name = "lock-expiry"
    table = "history_lock_expiry"
    row = LockExpiry

    def expired(self, record: Logged, fact: ExternalTaskLockExpired, instance: Instance) -> None:
        key = record.ordinal - TASK
        task = instance.tasks[key]
        expiry = LockExpiry(record.position, record.instance_id, key, record.at, task.element_id, task.topic)
        self.new[record.position] = expiry

    projectors = {ExternalTaskLockExpired: expired}
