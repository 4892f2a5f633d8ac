"""What was written, through the library's own doors: event store, repository, snapshots and notification log of `eventsourcing`.

The engine does not pass through here; this is for whoever builds on the library: another follower of the log, an export, a migration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from types import TracebackType
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import LocalNotificationLog, Repository
from eventsourcing.persistence import EventStore as LibraryEventStore
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresAggregateRecorder, PostgresDatastore
from psycopg.rows import dict_row

from domain.external_task import ExternalTaskFact, ExternalTaskState, created, evolve_task
from domain.facts import ExternalTaskCreated, Recorded
from domain.state import InstanceState
from projections.fact_mapper import FactMapper
from projections.recorder import EngineRecorder
from projections.snapshot import STORE_SNAPSHOTS, TOPIC, Snapshot, SnapshotMapper, project_instance

SECTION_SIZE = 500


class SnapshotRecorder(PostgresAggregateRecorder):
    """The library's recorder of snapshots: the newest of each instance is kept, and one of another schema version is not seen."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events]
        with self.datastore.get_connection() as connection:
            connection.execute(STORE_SNAPSHOTS.encode(), [list(column) for column in zip(*rows, strict=True)])
        return None

    def select_events(self, originator_id: UUID | str, **kwargs: Any) -> Sequence[StoredEvent]:
        return [event for event in super().select_events(originator_id, **kwargs) if event.topic == TOPIC]


class EventStore:
    """The event store of one database; a context that closes its connections."""

    def __init__(self, conninfo: str) -> None:
        self._datastore = datastore(conninfo)
        self.recorder = EngineRecorder(self._datastore)
        self.facts = LibraryEventStore(FactMapper(), self.recorder)
        self.snapshots = LibraryEventStore(SnapshotMapper(), SnapshotRecorder(self._datastore, events_table_name="snapshots"))
        self.repository: Repository[UUID] = Repository(self.facts, snapshot_store=self.snapshots)
        self.log = LocalNotificationLog(self.recorder, SECTION_SIZE)

    def __enter__(self) -> EventStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._datastore.close()

    def process_instance(self, instance_id: str, version: int | None = None) -> InstanceState:
        """An instance as it is, or was after `version` facts. Raises the library's AggregateNotFoundError."""
        return cast(InstanceState, self._get(instance_id, version, project_instance))

    def external_task(self, task_id: str, version: int | None = None) -> ExternalTaskState:
        """A task as it is, or was, ended ones too. Raises the library's AggregateNotFoundError."""
        return cast(ExternalTaskState, self._get(task_id, version, project_task))

    def records(self, stream_id: str, version: int | None = None) -> list[Recorded]:
        """The facts of any stream: deployments and definitions are no more than their facts. Raises AggregateNotFoundError."""
        return cast(list[Recorded], self._get(stream_id, version, project_records))

    def _get(self, stream_id: str, version: int | None, projector: Any) -> Any:
        return self.repository.get(UUID(stream_id), version=version, projector_func=projector)

    def take_snapshot(self, instance_id: str) -> Snapshot:
        """Keep an instance's state as it is now."""
        state = self.process_instance(instance_id)
        snapshot = Snapshot(state.id, state.version, state)
        self.snapshots.put([cast(Any, snapshot)])
        return snapshot


def datastore(conninfo: str) -> PostgresDatastore:
    """The library's connections by a connection string: it knows only five of the parameters that one can have."""
    made = PostgresDatastore("", "", "", "", "")
    made.pool.conninfo, made.pool.kwargs = conninfo, {"row_factory": dict_row, "application_name": "gesta event store"}
    return made


def project_task(state: ExternalTaskState | None, records: Iterable[Recorded]) -> ExternalTaskState | None:
    """Fold a task's facts."""
    return reduce(_next_task, records, state)


def _next_task(state: ExternalTaskState | None, record: Recorded) -> ExternalTaskState:
    if isinstance(record.fact, ExternalTaskCreated):
        return created(record.originator_id, record.fact, record.envelope)
    assert state is not None
    return evolve_task(state, cast(ExternalTaskFact, record.fact), record.envelope)


def project_records(earlier: list[Recorded] | None, records: Iterable[Recorded]) -> list[Recorded] | None:
    """Only gather the facts; None where there is none."""
    return [*(earlier or ()), *records] or None
