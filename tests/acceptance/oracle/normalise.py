"""Makes traces of different runs comparable: ids become <id1>, <id2> … in order of appearance, dates <date>, the run's token <run>."""

from __future__ import annotations

import datetime
import json
import re

from tests.acceptance.oracle.trace import Json, RecordedStep, Step, Trace, Unordered

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
# Dates further from today than this come from the scenario, not from a clock: their instant is kept.
CLOCK_DAYS = 1800


def normalise(trace: list[RecordedStep], run: str, base: str) -> Trace:
    """Replace what differs from run to run; `run` is the run's token, `base` the server's address."""
    placeholders = Placeholders(run, base)
    return [placeholders.step(step) for step in trace]


class Placeholders:
    """The ids seen so far, and what stands for them."""

    def __init__(self, run: str, base: str) -> None:
        self.run, self.base = run, base
        self.ids: dict[str, str] = {}

    def step(self, step: RecordedStep) -> Step:
        """One call with placeholders; its ids are numbered in the order call, request, headers, body."""
        body = self.arranged(step["body"]) if step["unordered"] == "deep" else step["body"]
        return {
            "call": self.walk(step["call"]),
            "request": self.walk(step["request"]),
            "status": step["status"],
            "headers": self.walk(step["headers"]),
            "body": self.walk(body, step["unordered"]),
        }

    def walk(self, value: Json, unordered: Unordered = False) -> Json:
        """The value with every new id numbered as it comes; properties are visited by name."""
        if isinstance(value, dict):
            return {self.walk(key): self.walk(inner) for key, inner in sorted(value.items(), key=lambda item: self.blank(item[0]))}
        if isinstance(value, list):
            return [self.walk(inner) for inner in (sorted(value, key=self.rank) if unordered else value)]
        if isinstance(value, str):
            return self.timeless(UUID.sub(lambda found: self.ids.setdefault(found[0], f"<id{len(self.ids) + 1}>"), value))
        return value

    def arranged(self, value: Json) -> Json:
        """The value with every list inside it in an order that does not depend on ids."""
        if isinstance(value, dict):
            return {key: self.arranged(inner) for key, inner in value.items()}
        return sorted(map(self.arranged, value), key=self.rank) if isinstance(value, list) else value

    def rank(self, value: Json) -> str:
        """What an item of an unordered list is sorted by."""
        return self.blank(json.dumps(value, sort_keys=True))

    def blank(self, text: str) -> str:
        """A text without what differs from run to run; ids seen before keep their number, new ones get none."""
        return self.timeless(UUID.sub(lambda found: self.ids.get(found[0], "<id>"), text))

    def timeless(self, text: str) -> str:
        """A text with placeholders for dates, the run's token and the server's address."""
        return DATE.sub(date, text).replace(self.run, "<run>").replace(self.base, "<base>")


def date(found: re.Match[str]) -> str:
    """The placeholder of a date; a date far from today keeps its instant."""
    try:
        when = datetime.datetime.strptime(found[0], "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return "<date>"
    far = abs((when - datetime.datetime.now(datetime.UTC)).days) > CLOCK_DAYS
    return f"<{when.isoformat(timespec='milliseconds')}>" if far else "<date>"
