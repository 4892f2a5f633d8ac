"""Rows of open external tasks from facts."""

from __future__ import annotations

import pytest

from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskUnlocked,
    Fact,
    Recorded,
)
from domain.ids import part_id
from projections.changes import Changes
from projections.external_task import project as external_task
from projections.rows import columns
from tests.unit.projections.changing import statements
from tests.unit.projections.golden_facts import ENVELOPE
from tests.unit.projections.golden_facts import STREAM as INSTANCE

AT = ENVELOPE.at
TASK = part_id(INSTANCE, 10)
EXECUTION = part_id(INSTANCE, 9)


def test_a_created_task_knows_its_scopes() -> None:
    changes = Changes()
    fact = ExternalTaskCreated(8, "a", "p:1:d", "t", 5, (8, 4, 0), "order 1", "tenant")

    changes.project([Recorded(TASK, 1, ENVELOPE, fact)])

    scopes = "{" + ",".join((EXECUTION, part_id(INSTANCE, 5), INSTANCE)) + "}"
    row = (TASK, "t", 5, AT, INSTANCE, EXECUTION, "a", f"a:{part_id(INSTANCE, 8)}", "p:1:d", "order 1", "tenant", scopes)
    assert list(changes.statements()) == [(external_task.INSERT, columns([row]))]


def test_pollers_learn_of_created_and_freed_tasks() -> None:
    changes = Changes()
    created = [ExternalTaskCreated(key, "a", "p:1:d", topic) for key, topic in ((8, "t"), (12, "t"), (16, "u"), (20, None))]

    changes.project(Recorded(part_id(INSTANCE, fact.key + 2), 1, ENVELOPE, fact) for fact in created)
    changes.project([Recorded(TASK, 2, ENVELOPE, ExternalTaskUnlocked())])

    assert changes.external_tasks.created_topics == {"t": 2, "u": 1}
    assert changes.external_tasks.freed_tasks == [TASK]


def test_a_failure_counts_its_timeout_from_the_fact_and_cuts_its_message() -> None:
    found = statements((TASK, ExternalTaskFailed("w", "x" * 700, "trace", 3, 500)), (TASK, ExternalTaskFailed("w")))

    rows = [(TASK, 1, AT + 500, 3, "x" * 666, "trace"), (TASK, 2, AT, 0, None, None)]
    assert found == [(external_task.FAIL, columns(rows))]


def test_a_lock_that_is_given_back_has_neither_worker_nor_end() -> None:
    found = statements((TASK, ExternalTaskLocked("w", 60, 99)), (TASK, ExternalTaskUnlocked()))

    assert found == [(external_task.LOCK, columns([(TASK, 1, "w", 99), (TASK, 2, None, None)]))]


@pytest.mark.parametrize("fact", [ExternalTaskCompleted("w"), ExternalTaskBpmnErrorRaised("w", "E"), ExternalTaskCancelled()])
def test_an_ended_task_has_no_row(fact: Fact) -> None:
    assert statements((TASK, fact)) == [(external_task.DELETE, [[TASK]])]
