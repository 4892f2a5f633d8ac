"""A topic with the function that works on its tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gesta_client.handling import ExternalTaskHandler
from gesta_client.options import TopicOptions

LOCK_DURATION = 60_000


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is fetched for a handler."""

    topic: str
    handler: ExternalTaskHandler
    options: TopicOptions

    def __post_init__(self) -> None:
        if self.options.get("lock_duration", LOCK_DURATION) <= 0:
            raise ValueError(f"topic {self.topic!r}: lock_duration={self.options['lock_duration']} must be above 0 ms")

    def request(self) -> dict[str, Any]:
        """The topic's entry in a fetch (TopicRequestDto)."""
        return {"topicName": self.topic, "lockDuration": LOCK_DURATION} | {_camel(name): value for name, value in self.options.items()}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
