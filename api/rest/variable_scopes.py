"""Where variables are: the scopes that an execution or a user task sees, and their values."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from api.engine import Engine
from domain.ids import aggregate_id, is_id, ordinal_of, part_id
from domain.state import SCOPE_EXECUTION, TASK, InstanceState
from domain.values import Value
from projections.large_values import decode_value
from projections.process_instance.query import EXISTS
from projections.user_task.query import EXISTS as TASK_EXISTS
from projections.variable.query import OF_SCOPES, ONE_OF_SCOPES, TASK_SCOPES


class Scopes(msgspec.Struct, frozen=True):
    """The scopes that something sees, nearest first, and the execution by which commands name it."""

    execution_id: str
    ids: Sequence[str]

    def seen(self, local: bool) -> Sequence[str]:
        return self.ids[:1] if local else self.ids


async def scopes_of_execution(engine: Engine, execution_id: str) -> Scopes | None:
    """What an execution sees, the instance itself among them; None when there is no such execution now."""
    if not is_id(execution_id):
        return None
    ordinal = ordinal_of(execution_id)
    if not ordinal:
        return Scopes(execution_id, [execution_id]) if await engine.query(EXISTS, [execution_id]) else None
    rows = await engine.query(TASK_SCOPES, [part_id(execution_id, ordinal - SCOPE_EXECUTION + TASK)])
    if rows:
        return Scopes(execution_id, rows[0][0])
    state = await engine.live_state(aggregate_id(execution_id))
    scope = state.scope_of_execution(ordinal) if state else None
    return None if state is None or scope is None else Scopes(execution_id, scope_ids(state, scope))


async def scopes_of_task(engine: Engine, task_id: str) -> Scopes | None:
    """What a user task sees; its own variables are those of its element instance."""
    if not is_id(task_id) or not await engine.query(TASK_EXISTS, [task_id]):
        return None
    state = await engine.live_state(aggregate_id(task_id))
    key = ordinal_of(task_id) - TASK
    if state is None or not state.is_waiting(key):
        return None
    return Scopes(part_id(task_id, key + SCOPE_EXECUTION), scope_ids(state, key))


def scope_ids(state: InstanceState, scope: int) -> list[str]:
    """The ids under which the scopes from an element instance upwards own variables."""
    return [state.part(key + SCOPE_EXECUTION if key else 0) for key in state.scope_chain(scope)]


async def read_scopes(engine: Engine, scope_ids: Sequence[str]) -> dict[str, Value]:
    """The variables of scopes, nearer ones before outer ones of the same name."""
    return {name: decode_value(payload) for name, payload in await engine.query(OF_SCOPES, [list(scope_ids)])}


async def read_from_scopes(engine: Engine, scope_ids: Sequence[str], name: str) -> Value | None:
    """The variable of the nearest scope that has it."""
    rows = await engine.query(ONE_OF_SCOPES, [list(scope_ids), name])
    return decode_value(rows[0][0]) if rows else None
