"""Long polls that wait in memory (REST contract §5.5): on topics, in order of arrival, holding no connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from itertools import islice

from domain.fetching import FetchExternalTasks
from projections.external_task.filters import filters_of

LOOK_AGAIN_AFTER = 30.0
"""Seconds after which a poll looks again although nobody woke it."""


class QueueFull(Exception):
    """As many long polls wait as may wait."""


class Poll:
    """One waiting request."""

    def __init__(self, request: FetchExternalTasks, deadline: float) -> None:
        self.topics = frozenset(subscription.topic for subscription in request.subscriptions)
        self.is_narrow = any(filters_of(subscription, 1).sql for subscription in request.subscriptions)
        """Not every task of its topics fits it."""
        self.deadline = deadline
        self.look_at = deadline
        """When it looks again on its own, on the loop's clock; 0: somebody woke it, and it has not looked since."""
        self.event = asyncio.Event()
        self.seen = 0
        """The number of the last news that it knows of."""

    @property
    def is_woken(self) -> bool:
        return self.look_at == 0.0

    def look_before(self, delay: float) -> None:
        """Look again in `delay` seconds at the latest."""
        self.look_at = min(self.look_at, asyncio.get_running_loop().time() + delay)

    def begin_to_look(self) -> tuple[bool, bool]:
        """Whatever happens from here on is news. Tells whether the poll was woken, and whether this is the last look."""
        woken, now = self.is_woken, asyncio.get_running_loop().time()
        self.look_at = min(self.deadline, now + LOOK_AGAIN_AFTER)
        return woken, now >= self.deadline


class Polls:
    """Who waits for which topic."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._by_topic: dict[str, dict[Poll, None]] = {}
        self._all: dict[Poll, None] = {}
        self.news = 0
        """How often tasks became available."""

    def __len__(self) -> int:
        return len(self._all)

    def is_awaited(self, topic: str | None) -> bool:
        return topic in self._by_topic

    def waiting(self) -> dict[str, int]:
        """How many polls wait, by topic."""
        return {topic: len(polls) for topic, polls in self._by_topic.items()}

    def park(self, poll: Poll, known: int) -> None:
        """Let a poll wait that has looked when there were so many `known` news: later ones may concern it. Raises QueueFull."""
        if len(self._all) >= self._capacity:
            raise QueueFull
        self._all[poll] = None
        poll.seen = self.news
        poll.look_before(LOOK_AGAIN_AFTER)
        if self.news > known:
            poll.look_at = 0.0
        for topic in poll.topics:
            self._by_topic.setdefault(topic, {})[poll] = None

    def leave(self, poll: Poll) -> None:
        """Wait no longer. News that the poll did not look at go to the next one."""
        self._all.pop(poll, None)
        for topic in poll.topics:
            waiting = self._by_topic.get(topic, {})
            waiting.pop(poll, None)
            if not waiting:
                self._by_topic.pop(topic, None)
        if poll.is_woken:
            self.pass_on(poll)

    def wake(self, tasks: Mapping[str, int]) -> None:
        """Tasks became available: by topic, how many. As many polls look, the longest waiting first."""
        self.news += 1
        for topic, count in tasks.items():
            asleep = (poll for poll in self._by_topic.get(topic, ()) if not poll.is_woken)
            for poll in list(islice(asleep, count)):
                self._wake(poll)

    def wake_all(self, topics: Iterable[str] | None = None) -> None:
        """Something changed that may concern every poll, or all of some topics."""
        self.news += 1
        for poll in list(self._all) if topics is None else [poll for topic in topics for poll in self._by_topic.get(topic, ())]:
            self._wake(poll)

    def pass_on(self, poll: Poll) -> None:
        """A poll was woken and found nothing that fits it: the next one on its topics that has not looked since may."""
        for topic in poll.topics:
            following = next((other for other in self._by_topic.get(topic, ()) if other.seen < poll.seen), None)
            if following is not None:
                self._wake(following)

    def expires(self, topic: str | None, delay: float) -> None:
        """A task of the topic becomes free in `delay` seconds: whoever waits for it looks then."""
        if topic is None or topic not in self._by_topic:
            return
        at = asyncio.get_running_loop().time() + delay
        for poll in self._by_topic[topic]:
            if at < poll.look_at:
                poll.look_at = at
                poll.event.set()

    def _wake(self, poll: Poll) -> None:
        poll.seen = self.news
        poll.look_at = 0.0
        poll.event.set()
