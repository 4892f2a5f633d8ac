"""Process definitions by id: parsed once, in a thread, and kept. A definition never changes under its id.

They are read from the facts and the blobs, not from the table: instances of a deleted definition still replay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from msgspec.structs import replace

from api.engine.long_definitions import may_take_long
from api.engine.store import FIRST_FACT
from api.engine.streams import MAPPER
from domain.elements import ProcessDefinition
from domain.facts import DeploymentCreated, ProcessDefinitionDeployed
from domain.ids import definition_id as id_of_definition
from domain.parsing import parse_model

Query: TypeAlias = Callable[[str, Sequence[Any]], Awaitable[list[Any]]]

# Purpose: a deployed file.
CONTENT = "SELECT content FROM blob WHERE sha256 = %b"


class Definitions:
    """A cache of all definitions that this process has met."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._known: dict[str, ProcessDefinition] = {}
        self._long: set[str] = set()

    def known(self, definition_id: str) -> ProcessDefinition | None:
        return self._known.get(definition_id)

    def add(self, definition: ProcessDefinition) -> None:
        self._known[definition.id] = definition
        if may_take_long(definition):
            self._long.add(definition.id)

    def may_take_long(self, definition_id: str) -> bool:
        """Tell whether decisions about instances of a known definition may take long."""
        return definition_id in self._long

    async def get(self, definition_id: str) -> ProcessDefinition | None:
        """Return the definition, deleted ones too; None when there never was one of this id."""
        found = self._known.get(definition_id)
        if found is None:
            found = await self._read(definition_id)
            if found is not None:
                self.add(found)
        return found

    async def _read(self, definition_id: str) -> ProcessDefinition | None:
        stream_id = definition_id.rsplit(":", 1)[-1]
        deployed = await self._first_fact(stream_id)
        if not isinstance(deployed, ProcessDefinitionDeployed):
            return None
        if id_of_definition(deployed.key, deployed.version, stream_id) != definition_id:
            return None
        deployment = await self._first_fact(deployed.deployment_id)
        assert isinstance(deployment, DeploymentCreated)
        sha256 = next(resource.sha256 for resource in deployment.resources if resource.name == deployed.resource)
        [(content,)] = await self._query(CONTENT, [sha256])
        models = await asyncio.to_thread(parse_model, deployed.resource, bytes(content))
        model = next(model for model in models if model.key == deployed.key)
        return replace(
            model,
            id=definition_id,
            version=deployed.version,
            deployment_id=deployed.deployment_id,
            resource=deployed.resource,
            tenant_id=deployed.tenant_id,
        )

    async def _first_fact(self, stream_id: str) -> object:
        try:
            UUID(stream_id)
        except ValueError:
            return None
        rows = await self._query(FIRST_FACT, [stream_id])
        return MAPPER.record(*rows[0]).fact if rows else None
