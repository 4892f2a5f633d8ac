"""The application without a database: an engine that carries nothing out, keeps what it is asked for, and answers as if it had."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any, NamedTuple

import httpx
from fastapi import FastAPI
from pydantic import BaseModel

from api.app import create_app
from api.rest.hot_dtos import CompleteExternalTaskDto, ExternalTaskFailureDto, FetchExternalTasksDto, StartProcessInstanceDto
from api.rest.json_body import JsonObject
from api.settings import Settings
from domain.commands import Command
from domain.elements import ProcessDefinition
from domain.fetching import FetchExternalTasks
from domain.ids import part_id
from domain.outcomes import InstanceStarted
from domain.values import Value
from projections.external_task.row import ExternalTaskRow, LockedTask

FETCH, COMPLETE, FAILURE = "/external-task/fetchAndLock", "/external-task/{id}/complete", "/external-task/{id}/failure"
START = "/process-definition/{id}/start"
REQUESTS: dict[str, type[JsonObject]] = {
    FETCH: FetchExternalTasksDto,
    COMPLETE: CompleteExternalTaskDto,
    FAILURE: ExternalTaskFailureDto,
    START: StartProcessInstanceDto,
    "/process-definition/key/{key}/start": StartProcessInstanceDto,
    "/process-definition/key/{key}/tenant-id/{tenant}/start": StartProcessInstanceDto,
}

INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
DEFINITION = "order:1:0193f000-0000-7abc-8abc-def100000002"
VARIABLES = {"amount": Value("Integer", 42), "note": Value("Null")}
STARTED = InstanceStarted(INSTANCE, DEFINITION, "order", "bk", "red", False, False, VARIABLES)
BY_PATH = {"id": part_id(INSTANCE, 10), "key": "order", "tenant": "red"}


class Asked(NamedTuple):
    """What came of a request: its status, what the engine was asked for, and the answer."""

    status: int
    kept: Command | FetchExternalTasks | None
    answer: Any


class IdleEngine:
    """Stands where the engine is."""

    def __init__(self) -> None:
        self.definitions = self
        self.kept: Command | FetchExternalTasks | None = None

    async def submit(self, command: Command, *, command_id: str | None) -> InstanceStarted:
        self.kept = command
        return STARTED

    async def fetch_and_lock(self, fetch: FetchExternalTasks, hung_up: Callable[[], Awaitable[object]]) -> list[LockedTask]:
        self.kept = fetch
        return [LockedTask(row(subscription.topic), VARIABLES) for subscription in fetch.subscriptions]

    async def latest_definition(self, key: str, tenant_id: str | None) -> str:
        return DEFINITION

    async def definition(self, definition_id: str) -> ProcessDefinition | None:
        return None

    def known(self, definition_id: str) -> ProcessDefinition | None:
        return None


def row(topic: str) -> ExternalTaskRow:
    """A locked task's row."""
    return ExternalTaskRow(
        id=part_id(INSTANCE, 10),
        version=2,
        topic=topic,
        priority=7,
        create_time=1000,
        lock_until=2000,
        worker_id="anna",
        retries=3,
        suspended=False,
        error_message="boom",
        error_details="trace",
        process_instance_id=INSTANCE,
        execution_id=part_id(INSTANCE, 9),
        activity_id="work",
        activity_instance_id=f"work:{part_id(INSTANCE, 8)}",
        definition_id=DEFINITION,
        definition_key="order",
        business_key="bk",
        tenant_id="red",
    )


def application() -> FastAPI:
    """The whole application, as it is served, on an idle engine."""
    app = create_app(Settings(), "")
    app.state.engine = IdleEngine()
    return app


def ask(app: FastAPI, path: str, body: Any) -> Asked:
    """Send a request to a hot route."""

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gesta.test/engine-rest") as client:
            return await client.post(path.format(**BY_PATH), json=body)

    app.state.engine.kept = None
    response = asyncio.run(send())
    return Asked(response.status_code, app.state.engine.kept, response.json() if response.content else None)


def example(model: type[BaseModel]) -> dict[str, Any]:
    """A model's example."""
    found: dict[str, Any] = deepcopy(model.model_json_schema()["examples"][0])
    return found


def strictly(model: type[BaseModel], value: Any) -> None:
    """Raise ValidationError unless a value has exactly the model's properties, by their names on the wire."""
    model.model_validate(value, extra="forbid", by_alias=True, by_name=False)
