"""All models of history together: a batch of facts goes in, what one transaction writes comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, TypeAlias, cast

import msgspec
from psycopg import AsyncConnection, AsyncCursor

from domain.elements import ProcessDefinition
from domain.facts import (
    BatchCompleted,
    BatchCreated,
    BatchDeleted,
    BatchHistoryDeleted,
    BatchStarted,
    Fact,
    HistoryHidden,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    ProcessDefinitionDeleted,
    ProcessInstanceStarted,
)
from projections.history.activity_instance.project import ActivityInstances
from projections.history.batch.project import Batches
from projections.history.external_task_log.project import ExternalTaskLog
from projections.history.incident.project import Incidents
from projections.history.instances import APPLIERS, Instance, Instances
from projections.history.lock_expiry.project import LockExpiries
from projections.history.log import Logged
from projections.history.model import HistoryModel, HistoryProjector
from projections.history.process_instance.project import ProcessInstances
from projections.history.variable_instance.project import VariableInstances

AnyModel: TypeAlias = HistoryModel[Any, Any]
Models: TypeAlias = Sequence[type[AnyModel]]

HISTORY_MODELS: Models = (ProcessInstances, ActivityInstances, ExternalTaskLog, VariableInstances, Incidents, Batches, LockExpiries)

_OF_BATCHES = (BatchCreated, BatchStarted, BatchCompleted, BatchDeleted, BatchHistoryDeleted)
OF_NO_INSTANCE = frozenset((HistoryHidden, ProcessDefinitionDeleted, *_OF_BATCHES))
"""Facts that are not of a running instance."""
OF_LONE_JOBS = frozenset((IncidentRaised, IncidentResolved, IncidentDeleted))
"""Facts that jobs have too which belong to no instance: history tells nothing of these."""
_AT_ONCE = 200
"""So many rows are handed over before anybody else may run."""


def facts_of(models: Models) -> set[type[Fact]]:
    """The facts that some models, and what they know of instances, are made of."""
    return set(APPLIERS).union(*(model.projectors for model in models))


class HistoryChanges:
    """What a batch changes in some models."""

    def __init__(self, models: Models = HISTORY_MODELS) -> None:
        self.models: list[AnyModel] = [model() for model in models]
        self._projectors: dict[type[Fact], list[tuple[AnyModel, HistoryProjector]]] = {}
        for model in self.models:
            for fact, projector in model.projectors.items():
                self._projectors.setdefault(fact, []).append((model, projector))

    def project(self, records: Iterable[Logged], instances: Instances, definitions: dict[str, ProcessDefinition]) -> None:
        """Tell the models of facts in order. The instances are known already, but for those that begin here."""
        projectors, appliers, none = self._projectors, APPLIERS, ()
        for record in records:
            fact: Any = record.fact
            kind = type(fact)
            if kind is ProcessInstanceStarted:
                instances[record.instance_id] = Instance(record.instance_id, definitions[fact.definition_id])
            if kind in OF_LONE_JOBS and record.instance_id not in instances:
                continue
            instance = instances.get(record.instance_id)
            for model, projector in projectors.get(kind, none):
                projector(model, record, fact, instance)
            if instance is not None and (apply := appliers.get(kind)) is not None:
                apply(instance, record, fact)

    async def write(self, connection: AsyncConnection[Any]) -> None:
        """Write everything, inside the caller's transaction; others may run in between."""
        cursor = connection.cursor()
        for model in self.models:
            await _copy(cursor, model)
        later = chain((s for m in self.models for s in m.updates()), (s for m in self.models for s in m.deletions()))
        for sql, parameters in later:
            await cursor.execute(cast(Any, sql), parameters)
            await asyncio.sleep(0)


async def _copy(cursor: AsyncCursor[Any], model: AnyModel) -> None:
    if not model.new:
        return
    rows = list(model.new.values())
    async with cursor.copy(f"COPY {model.table} ({', '.join(model.row.__struct_fields__)}) FROM STDIN") as copy:
        for number, row in enumerate(rows, 1):
            await copy.write_row(msgspec.structs.astuple(row))
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
