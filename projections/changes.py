"""All inline read models together: facts go in, the statements of one transaction come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from domain.facts import Fact, Recorded
from projections.batch.project import Batches
from projections.branch.project import Branches
from projections.deployment.project import Deployments
from projections.element_instance.project import ElementInstances
from projections.event_subscription.project import EventSubscriptions
from projections.external_task.project import ExternalTasks
from projections.incident.project import Incidents
from projections.job.project import Jobs
from projections.job_definition.project import JobDefinitions
from projections.process_definition.project import ProcessDefinitions
from projections.process_instance.project import ProcessInstances
from projections.rows import Projector, ReadModel, Statement
from projections.user_task.project import UserTasks
from projections.variable.project import VariableRows

READ_MODELS: tuple[type[ReadModel], ...] = (
    Deployments,
    ProcessDefinitions,
    ProcessInstances,
    ExternalTasks,
    VariableRows,
    Incidents,
    UserTasks,
    JobDefinitions,
    Jobs,
    EventSubscriptions,
    ElementInstances,
    Branches,
    Batches,
)


def _projectors() -> dict[type[Fact], list[tuple[int, Projector]]]:
    found: dict[type[Fact], list[tuple[int, Projector]]] = {}
    for index, model in enumerate(READ_MODELS):
        for fact, projector in model.projectors.items():
            found.setdefault(fact, []).append((index, projector))
    return found


_PROJECTORS = _projectors()


class Changes:
    """What the facts of one transaction change in the inline read models."""

    def __init__(self) -> None:
        self._models: list[ReadModel | None] = [None] * len(READ_MODELS)
        """As far as any fact concerns them."""

    def project(self, records: Iterable[Recorded]) -> None:
        models = self._models
        for record in records:
            for index, projector in _PROJECTORS.get(type(record.fact), ()):
                projector(models[index] or self._made(index), record, record.fact)

    def _made(self, index: int) -> ReadModel:
        model = self._models[index]
        if model is None:
            model = self._models[index] = READ_MODELS[index]()
        return model

    @property
    def external_tasks(self) -> ExternalTasks:
        tasks = self._made(READ_MODELS.index(ExternalTasks))
        assert isinstance(tasks, ExternalTasks)
        return tasks

    @property
    def jobs(self) -> Jobs:
        jobs = self._made(READ_MODELS.index(Jobs))
        assert isinstance(jobs, Jobs)
        return jobs

    def statements(self) -> Iterator[Statement]:
        """Inserts, then updates, then deletions."""
        models = [model for model in self._models if model is not None]
        yield from chain.from_iterable(model.inserts() for model in models)
        yield from chain.from_iterable(model.updates() for model in models)
        yield from chain.from_iterable(model.deletions() for model in models)
