"""Decisions about deployments: which files are new, and which versions their processes get (REST contract §10.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import msgspec

from domain.commands import CreateDeployment, ResourceFile
from domain.elements import ProcessDefinition
from domain.facts import DeploymentCreated, DeploymentDeleted, Fact, ProcessDefinitionDeployed, Resource
from domain.ids import definition_id, part_id
from domain.job_definitions import job_definitions
from domain.refusals import ExecutionFailed, NotFound


class EarlierDeployment(msgspec.Struct, frozen=True):
    """The newest deployment of the same name, source and tenant, with the SHA-256 of each file by name."""

    id: str
    deploy_time: int
    files: Mapping[str, bytes]


def new_files(command: CreateDeployment, earlier: EarlierDeployment | None) -> Sequence[ResourceFile]:
    """The files to deploy: all, those that changed, or none where the earlier deployment has the very same ones."""
    if earlier is None:
        return command.files
    changed = [file for file in command.files if earlier.files.get(file.name) != digest(file)]
    if command.changed_only:
        return changed
    same = not changed and len(earlier.files) == len(command.files)
    return () if command.filter_duplicates and same else command.files


def digest(file: ResourceFile) -> bytes:
    return sha256(file.content).digest()


def refuse_same_keys(models: Sequence[ProcessDefinition]) -> None:
    """Two processes of one deployment may not have the same key."""
    seen: set[str] = set()
    for model in models:
        if model.key in seen:
            raise ExecutionFailed(
                f"The deployment contains definitions with the same key '{model.key}' (id attribute), this is not allowed"
            )
        seen.add(model.key)


def create(
    deployment_id: str,
    command: CreateDeployment,
    files: Sequence[ResourceFile],
    models: Sequence[ProcessDefinition],
    latest: Mapping[str, int],
) -> tuple[list[tuple[int, Fact]], list[ProcessDefinition]]:
    """Deploy files and the models read from them (`resource` says from which); `latest` versions by key.

    Returns the facts with the ordinals of their streams, and the definitions as they now are.
    """
    resources = tuple(Resource(number, file.name, digest(file)) for number, file in enumerate(files, 1))
    facts: list[tuple[int, Fact]] = [(0, DeploymentCreated(command.name, command.source, command.tenant_id, resources, command.activation))]
    definitions = []
    for ordinal, model in enumerate(models, len(resources) + 1):
        version = latest.get(model.key, 0) + 1
        facts.append((ordinal, _deployed(model, deployment_id, version, command.tenant_id)))
        definitions.append(
            msgspec.structs.replace(
                model,
                id=definition_id(model.key, version, part_id(deployment_id, ordinal)),
                version=version,
                deployment_id=deployment_id,
                tenant_id=command.tenant_id,
            )
        )
    return facts, definitions


def _deployed(model: ProcessDefinition, deployment_id: str, version: int, tenant_id: str | None) -> ProcessDefinitionDeployed:
    return ProcessDefinitionDeployed(
        deployment_id,
        model.key,
        version,
        model.resource,
        model.name,
        model.category,
        model.description,
        model.version_tag,
        model.history_time_to_live,
        model.startable_in_tasklist,
        tenant_id,
        job_definitions(model),
    )


def deleted(cascade: bool) -> DeploymentDeleted:
    """A deployment is deleted; its definitions are with it."""
    return DeploymentDeleted(cascade)


def unknown_deployment(deployment_id: str) -> NotFound:
    return NotFound(f"Deployment with id '{deployment_id}' do not exist")
