"""Facts of deployments and of the process definitions they bring."""

from __future__ import annotations

import msgspec

from domain.facts.fact import Fact, cause, fact


class Resource(msgspec.Struct, frozen=True, array_like=True):
    """A deployed file; its content stands in the blob table under the SHA-256 of its bytes."""

    ordinal: int
    name: str
    sha256: bytes


class JobDefinition(msgspec.Struct, frozen=True, array_like=True):
    """A kind of job that instances of a definition can have (BPMN page §8). `handler` is what Camunda calls the job's type."""

    element_id: str
    handler: str
    configuration: str


@cause
class DeploymentCreated(Fact, frozen=True, array_like=True):
    name: str | None
    source: str | None
    tenant_id: str | None
    resources: tuple[Resource, ...]
    activation: int | None = None
    """When its definitions can be started (epoch ms); None: now."""


@cause
class DeploymentDeleted(Fact, frozen=True, array_like=True):
    cascade: bool


@fact
class ProcessDefinitionDeployed(Fact, frozen=True, array_like=True):
    """A version of a process can be started. Its id is made of key, version and the stream's id (see `domain.ids`)."""

    deployment_id: str
    key: str
    version: int
    resource: str
    name: str | None = None
    category: str | None = None
    description: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    startable_in_tasklist: bool = True
    tenant_id: str | None = None
    job_definitions: tuple[JobDefinition, ...] = ()


@fact
class ProcessDefinitionDeleted(Fact, frozen=True, array_like=True):
    """`cascade`: its instances went before, and history shows none of them any more."""

    definition_id: str
    cascade: bool = False


@fact
class StartSubscriptionOpened(Fact, frozen=True, array_like=True):
    """A message or signal of that name starts the definition at the event `element_id`: it is the latest version now."""

    element_id: str
    kind: str
    name: str
    definition_id: str
    tenant_id: str | None = None


@fact
class StartSubscriptionClosed(Fact, frozen=True, array_like=True):
    """Another version of the process, or none, has the event's message or signal from now on."""

    element_id: str


@cause
class JobDefinitionsSuspended(Fact, frozen=True, array_like=True):
    """The job executor leaves jobs of some definitions alone, or no longer: new ones, with `include_jobs` also those that there are."""

    ids: tuple[str, ...]
    suspended: bool
    include_jobs: bool = False


@cause
class ProcessDefinitionSuspended(Fact, frozen=True, array_like=True):
    """No instance of the definition can be started, nor does a new job of one run by itself. The instances that there are may go on.

    `include_instances`: they are suspended in the same transaction.
    """

    definition_id: str
    include_instances: bool = False


@cause
class ProcessDefinitionResumed(Fact, frozen=True, array_like=True):
    definition_id: str
    include_instances: bool = False


@cause
class HistoryTimeToLiveSet(Fact, frozen=True, array_like=True):
    """History keeps what ends from now on for so many days; None: for ever."""

    definition_id: str
    days: int | None


@cause
class SuspensionScheduled(Fact, frozen=True, array_like=True):
    """The only fact of its stream besides those of the job that it is: definitions are to be suspended, or resumed, at `due` (epoch ms).

    By their ids, or all versions of a process: `key`. `job_definitions` tells that job definitions are meant by all of these.
    `include`: instances too, or jobs.
    """

    due: int
    suspended: bool
    ids: tuple[str, ...] = ()
    key: str | None = None
    job_definitions: bool = False
    include: bool = False
    tenant_id: str | None = None
