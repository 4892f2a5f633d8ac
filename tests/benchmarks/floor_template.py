"""What each command leaves of one real instance, as rows that can be written again for another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from api.engine import Engine
from domain.facts import ExternalTaskLocked
from domain.ids import part_id
from projections.fact_mapper import topic_of
from tests.benchmarks.in_process import complete_all, deploy, lock_all, start_one
from tests.benchmarks.models import DONE, Model
from tests.benchmarks.template import PREFIX, StoredFact, by_command

Row: TypeAlias = Sequence[Any]

INSTANCES = "SELECT id::text, definition_id, definition_key, business_key, start_time FROM process_instance"
TASKS = """
SELECT id::text, topic, create_time, process_instance_id::text, execution_id::text, activity_id, activity_instance_id, definition_id,
    definition_key, business_key, scopes::text FROM external_task
"""
VARIABLES = "SELECT scope_id::text, name, id::text, type, text_value, long_value, double_value, payload FROM variable WHERE name = ANY(%s)"

WIDTHS = (4, 5, 11, 8)
"""Columns of a step's rows: stored_events, process_instance, external_task, variable."""


class Step(NamedTuple):
    """One command's rows by table; what it deletes follows from its task and from `ends`."""

    rows: Sequence[Sequence[Row]]
    ends: bool
    """The instance ends with it."""

    @property
    def facts(self) -> Sequence[Row]:
        return self.rows[0]

    @property
    def tasks(self) -> Sequence[Row]:
        return self.rows[2]

    def written_for(self, prefix: str) -> Step:
        """The same for another instance, whose ids begin with `prefix`."""
        own = self.facts[0][0][:PREFIX]
        return Step([[_moved(row, own, prefix) for row in rows] for rows in self.rows], self.ends)


class Recording(NamedTuple):
    steps: Sequence[Step]
    """The start, then every completion."""
    locked: bytes
    """The stored fact of a lock."""


def _moved(row: Row, own: str, prefix: str) -> Row:
    return [value.replace(own, prefix) if type(value) is str else value for value in row]


async def record(engine: Engine, model: Model) -> Recording:
    """Run one instance through a chain of tasks."""
    await deploy(engine, model)
    instance_id = await start_one(engine, model.key)
    rows = [[await engine.query(INSTANCES), await engine.query(TASKS), await engine.query(VARIABLES, [["orderId", "name"]])]]
    for topic in model.topics:
        await complete_all(engine, await lock_all(engine, topic, 1), 1)
        rows.append([[], await engine.query(TASKS), await engine.query(VARIABLES, [list(DONE)])])
    commands = by_command(await engine.facts(instance_id))
    locks = [command for command in commands if command[0].topic == topic_of(ExternalTaskLocked)]
    facts = [_facts(instance_id, command) for command in commands if command not in locks]
    ends = [*(False for _ in model.topics), True]
    return Recording([Step([own, *left], end) for own, left, end in zip(facts, rows, ends, strict=True)], locks[0][0].state)


def _facts(instance_id: str, command: Sequence[StoredFact]) -> list[Row]:
    return [[part_id(instance_id, fact.ordinal), fact.version, fact.topic, fact.state] for fact in command]
