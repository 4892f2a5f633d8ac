"""The server as the demonstration uses it: deploy, start, count, and read a task's facts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.demo.orders import Order
from api.demo.refusal import DemoFailed
from gesta_client import Client, NotFound, ServerUnavailable
from gesta_client.encoding import encoded_variables

REST = "/engine-rest"
MODEL = Path(__file__).with_name("order.bpmn")


@dataclass(frozen=True, slots=True)
class Left:
    """What a process definition has in the server: numbers of process instances, open external tasks and incidents."""

    instances: int
    tasks: int
    incidents: int


class Engine:
    """A server's REST API."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def version(self) -> str:
        """The version that the server tells. Raise DemoFailed when nobody answers, or somebody else."""
        try:
            answer = await self._client.request("GET", "/version")
            return str(answer["version"])
        except ServerUnavailable as error:
            raise DemoFailed(f"no server answers at {self._client.base_url} ({error})") from error
        except (NotFound, KeyError, TypeError) as error:
            raise DemoFailed(f"{self._client.base_url} is no engine's REST API; such an address ends in {REST}") from error

    async def deploy(self) -> str:
        """Deploy the order process; its process definition's id."""
        form = {"deployment-name": "gesta demo", "deployment-source": "gesta demo"}
        files = {"data": (MODEL.name, MODEL.read_bytes(), "application/xml")}
        answer = await self._client.command("POST", "/deployment/create", data=form, files=files)
        definition: str
        (definition,) = answer["deployedProcessDefinitions"]
        return definition

    async def start(self, definition: str, order: Order) -> None:
        """Start a process instance for an order."""
        body = {"businessKey": f"order-{order.number}", "variables": encoded_variables(order.variables())}
        await self._client.command("POST", f"/process-definition/{definition}/start", json=body)

    async def left(self, definition: str) -> Left:
        """Count what the process definition has in the server."""
        return Left(
            instances=await self._count("process-instance", definition),
            tasks=await self._count("external-task", definition),
            incidents=await self._count("incident", definition),
        )

    async def facts(self, task: str) -> list[dict[str, Any]] | None:
        """All facts about an external task; None when the server does not offer them. They are beside the REST API, not below it."""
        async with Client(self._client.base_url.partition(REST)[0]) as server:
            try:
                facts: list[dict[str, Any]] = await server.request("GET", f"/gesta/external-task/{task}/facts")
            except NotFound:
                return None
            return facts

    async def _count(self, resource: str, definition: str) -> int:
        answer = await self._client.request("GET", f"/{resource}/count", params={"processDefinitionId": definition})
        return int(answer["count"])
