"""The models of a deployment, read before the deployment waits for its turn: a large one takes seconds that nobody else should wait."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from domain.commands import ResourceFile
from domain.elements import ProcessDefinition
from domain.parsing import is_model_name, parse_model
from domain.refusals import Refusal

AT_ONCE = 2
"""Files that are read at a time: threads stay free for decisions."""

ReadModels: TypeAlias = Mapping[str, tuple[ProcessDefinition, ...] | Refusal]
"""By file the processes in it, or why it is refused: that counts only if the file is new."""


class ModelReader:
    """Reads models in threads."""

    def __init__(self, enforce_history_time_to_live: bool) -> None:
        self._enforce_history_time_to_live = enforce_history_time_to_live
        self._free = asyncio.Semaphore(AT_ONCE)

    async def read(self, files: Sequence[ResourceFile]) -> ReadModels:
        """Read the models among the files."""
        async with self._free:
            return await asyncio.to_thread(lambda: {file.name: self._read(file) for file in files if is_model_name(file.name)})

    def _read(self, file: ResourceFile) -> tuple[ProcessDefinition, ...] | Refusal:
        try:
            models = parse_model(file.name, file.content, enforce_history_time_to_live=self._enforce_history_time_to_live)
        except Refusal as refusal:
            return refusal
        return tuple(replace(model, resource=file.name) for model in models)


def models_of(files: Sequence[ResourceFile], read: ReadModels) -> list[ProcessDefinition]:
    """The processes of the files, in order. Raises the first refusal among them."""
    models: list[ProcessDefinition] = []
    for file in files:
        found = read.get(file.name, ())
        if isinstance(found, Refusal):
            raise found
        models += found
    return models
