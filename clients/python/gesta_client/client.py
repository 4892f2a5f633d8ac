"""The connection to a server: requests, their errors as exceptions, and repetition where that is certainly harmless."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from gesta_client.back_off import BackOff
from gesta_client.connections import Connections
from gesta_client.errors import ClientError, Conflict, ServerFailure, ServerUnavailable, refusal, unanswered
from gesta_client.task import ExternalTask

# Seconds. An answer may take long where a request moves a process through many elements.
TIMEOUT = httpx.Timeout(60, connect=5)


class Client:
    """A server's REST API below `base_url`, such as http://127.0.0.1:8080/engine-rest; close it, or use it in `async with`.

    A command that had no effect is repeated: `back_off` has the waiting times, `attempts` is how often it is sent at most.
    Another `transport` of httpx's goes through a proxy, or takes the server's place in tests.
    Raise ValueError when `base_url` is no http or https address.
    """

    def __init__(
        self, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None, back_off: BackOff | None = None, attempts: int = 5
    ) -> None:
        self.base_url = valid(base_url).rstrip("/")
        self._http = httpx.AsyncClient(transport=transport or Connections(), timeout=TIMEOUT)
        self._back_off = back_off or BackOff(first=0.05, most=2)
        self._attempts = attempts

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def request(self, method: str, path: str, **arguments: Any) -> Any:
        """Send a request once and give its JSON, None for an answer without content; `arguments` are httpx's (json, params, files, …).

        Raise ServerUnavailable when there is no answer, a Refused when the answer is an error.
        """
        try:
            response = await self._http.request(method, self.base_url + path, **arguments)
        except httpx.RequestError as error:
            raise unanswered(error) from error
        if not response.is_success:
            raise refusal(response)
        return answer(response) if response.content else None

    async def command(self, method: str, path: str, **arguments: Any) -> Any:
        """Send a request as `request` does, and repeat it when it certainly had no effect: never sent, or lost to a concurrent one."""
        for _, delay in zip(range(self._attempts - 1), self._back_off.delays(), strict=False):
            try:
                return await self.request(method, path, **arguments)
            except ClientError as error:
                if not without_effect(error):
                    raise
            await asyncio.sleep(delay)
        return await self.request(method, path, **arguments)

    async def fetch_and_lock(self, worker_id: str, topics: Sequence[dict[str, Any]], **options: Any) -> list[ExternalTask]:
        """Lock tasks of the given topics (TopicRequestDto) for a worker; `options` are FetchExternalTasksDto's other properties.

        With `asyncResponseTimeout` the server may take that many ms to answer.
        """
        poll = options.get("asyncResponseTimeout") or 0
        timeout = httpx.Timeout(60 + poll / 1000, connect=5)
        body = {"workerId": worker_id, "topics": list(topics), **options}
        tasks = await self.request("POST", "/external-task/fetchAndLock", json=body, timeout=timeout)
        return [ExternalTask.received(task) for task in tasks]


def valid(base_url: str) -> str:
    """The address, if it is one. Raise ValueError otherwise."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{base_url!r} is no address of a server: {error}") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"{base_url!r} is no address of a server; one is http://127.0.0.1:8080/engine-rest")
    return base_url


def answer(response: httpx.Response) -> Any:
    """The JSON of a successful answer. Raise ServerFailure when it is something else: then it is not the server that was meant."""
    try:
        return response.json()
    except ValueError as error:
        raise ServerFailure(f"{response.request.url} answers something else than JSON", status=response.status_code) from error


def without_effect(error: ClientError) -> bool:
    """Tell whether a command that ended so may be repeated: it has changed nothing, and the next attempt may do better."""
    return isinstance(error, Conflict) or (isinstance(error, ServerUnavailable) and not error.may_have_arrived)
