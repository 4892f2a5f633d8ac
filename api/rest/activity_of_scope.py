"""Scopes of variables and the activity instances they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from api.engine import Engine
from api.rest.query_params import NO_ID
from domain.ids import aggregate_id, is_id, ordinal_of, part_id
from domain.state import SCOPE_EXECUTION, TASK
from projections.variable.query import ACTIVITY_INSTANCES


def scope_of_activity_instance(activity_instance_id: str) -> str:
    """The scope whose variables are an activity instance's own; the instance's id stands for itself."""
    id = activity_instance_id.rpartition(":")[2]
    if not is_id(id):
        return NO_ID
    ordinal = ordinal_of(id)
    return part_id(id, ordinal + SCOPE_EXECUTION) if ordinal else id


async def activity_instances(engine: Engine, scope_ids: Sequence[str]) -> dict[str, str]:
    """The activity instance of each scope: from the rows of waiting tasks, and of sub-processes from live state."""
    found = {id: id for id in scope_ids if not ordinal_of(id)}
    tasks = {part_id(id, ordinal_of(id) - SCOPE_EXECUTION + TASK): id for id in scope_ids if id not in found}
    if tasks:
        rows = await engine.query(ACTIVITY_INSTANCES, {"ids": list(tasks)})
        found.update((tasks[task_id], activity_instance_id) for task_id, activity_instance_id in rows)
    missing = [id for id in scope_ids if id not in found]
    for instance_id in {aggregate_id(id) for id in missing}:
        found.update(await _from_state(engine, instance_id, [id for id in missing if aggregate_id(id) == instance_id]))
    return found


async def _from_state(engine: Engine, instance_id: str, scope_ids: Sequence[str]) -> dict[str, str]:
    state = await engine.live_state(instance_id)
    found = {}
    for scope_id in scope_ids:
        key = ordinal_of(scope_id) - SCOPE_EXECUTION
        token = state.tokens.get(key) if state else None
        # Without a token the scope has ended since its row was read; its id is all that is left to say.
        found[scope_id] = f"{token.element_id}:{part_id(instance_id, key)}" if token else part_id(instance_id, key)
    return found
