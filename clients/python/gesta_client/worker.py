"""A worker: fetches tasks of its topics with one long poll and works on as many at a time as it has slots."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Unpack

from gesta_client.client import Client
from gesta_client.errors import ClientError, Refused, ServerFailure, ServerUnavailable
from gesta_client.handling import ExternalTaskHandler
from gesta_client.options import TopicOptions, WorkerOptions
from gesta_client.service import ExternalTaskService
from gesta_client.subscription import Subscription
from gesta_client.task import ExternalTask
from gesta_client.work import Work

log = logging.getLogger(__name__)


class Worker:
    """Hands tasks to the handlers of their topics, from `run` until `stop`.

    A fetch asks for no more tasks than slots are free, so that no task waits locked for its turn. When the server cannot be reached,
    or cannot answer, the worker tries again with growing pauses; when it refuses the fetch itself, `run` raises that.
    """

    def __init__(self, client: Client, options: WorkerOptions | None = None) -> None:
        self.options = options or WorkerOptions()
        self.client = client
        self.service = ExternalTaskService(client, self.options.worker_id)
        self._subscriptions: dict[str, Subscription] = {}
        self._work = Work(self.service, self.options)
        self._stopping = asyncio.Event()

    def subscribe(self, topic: str, handler: ExternalTaskHandler, **options: Unpack[TopicOptions]) -> None:
        """Work on a topic's tasks from the next fetch on. Raise ValueError when the topic has a handler already."""
        if topic in self._subscriptions:
            raise ValueError(f"topic {topic!r} is subscribed already; a worker has one handler per topic")
        self._subscriptions[topic] = Subscription(topic, handler, options)

    async def run(self) -> None:
        """Fetch and work until `stop` is called; return when the tasks in work are done.

        Raise ValueError without a topic, and a Refused (NotFound, BadRequest) when the server does not accept the fetch;
        the tasks in work are done first. When cancelled, it ends at once: the tasks in work are cancelled and unlocked.
        """
        if not self._subscriptions:
            raise ValueError("a worker without topics has nothing to do: call subscribe first")
        try:
            await self._fetch_until_stopped()
            await self._work.done()
        except Refused:
            await self._work.done()
            raise
        finally:
            await self._work.abandon()

    def stop(self) -> None:
        """Begin no further fetch. The one under way is awaited, at most `long_poll` ms, and the tasks that it brings are done.

        Servers do not notice that nobody listens to a long poll any more: given up, it would still lock tasks, for nobody.
        """
        self._stopping.set()

    async def _fetch_until_stopped(self) -> None:
        delays = self.options.back_off.delays()
        while await self._may_fetch():
            try:
                tasks = await self._fetch()
            except (ServerUnavailable, ServerFailure) as error:
                await self._pause(next(delays), error)
                continue
            delays = self.options.back_off.delays()
            for task in tasks:
                self._work.start(task, self._subscriptions[task.topic_name].handler)

    async def _may_fetch(self) -> bool:
        """Wait for a free slot; False when the worker is stopping."""
        await self._work.free_slot()
        return not self._stopping.is_set()

    async def _pause(self, seconds: float, error: ClientError) -> None:
        log.warning("worker %s fetches again in %.1f s: %s", self.options.worker_id, seconds, error)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _fetch(self) -> list[ExternalTask]:
        return await self.client.fetch_and_lock(
            self.options.worker_id,
            [subscription.request() for subscription in self._subscriptions.values()],
            maxTasks=min(self.options.max_tasks, self._work.free),
            usePriority=self.options.use_priority,
            asyncResponseTimeout=self.options.long_poll,
        )
