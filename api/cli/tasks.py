"""`gesta tasks`: the open external tasks of a running server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.moments import age, near
from api.cli.options import AsJson, Url
from api.cli.remote import Remote
from api.cli.screen import Field, Layout, console, table
from api.rest.dates import parse_date

TOPIC, ACTIVITY, BUSINESS_KEY, WORKER = Field("Topic"), Field("Activity"), Field("Business key"), Field("Worker")
TASK, INSTANCE, LOCK, AGE = (Field(title, whole=True) for title in ("Task", "Instance", "Lock", "Age"))
RETRIES, PRIORITY = Field("Retries", right=True, whole=True), Field("Priority", right=True, whole=True)

LAYOUTS = (
    Layout(240, tuple((field,) for field in (TOPIC, TASK, ACTIVITY, INSTANCE, BUSINESS_KEY, WORKER, LOCK, RETRIES, PRIORITY, AGE))),
    Layout(130, ((TOPIC, ACTIVITY), (TASK, INSTANCE), (BUSINESS_KEY, WORKER), (LOCK, AGE), (RETRIES, PRIORITY))),
    Layout(0, ((TOPIC, ACTIVITY, BUSINESS_KEY, WORKER), (TASK, INSTANCE, LOCK, AGE), (RETRIES, PRIORITY))),
)
SORTING = [{"sortBy": "taskPriority", "sortOrder": "desc"}, {"sortBy": "createTime", "sortOrder": "asc"}]


def tasks(
    topic: Annotated[str | None, typer.Option(help="Only tasks of this topic.")] = None,
    instance: Annotated[str | None, typer.Option(help="Only tasks of this process instance.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to list at most.")] = 50,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """List open external tasks as workers get them: the highest priority first, then the oldest."""
    filters = {"topicName": topic, "processInstanceId": instance}
    with Remote(url) as remote:
        total = remote.post("external-task", "count", json=filters)["count"]
        found = remote.post("external-task", params={"maxResults": limit}, json={**filters, "sorting": SORTING})
    if as_json:
        print(json.dumps({"count": total, "tasks": found}, indent=2))
    else:
        tell(found, total)


def tell(found: list[dict[str, Any]], total: int) -> None:
    """Print the tasks, and how many there are in all."""
    screen = console()
    if found:
        screen.print(tasks_table(found, round(time.time() * 1000), screen.width))
    shown = f"{len(found):,} of " if len(found) < total else ""
    screen.print(f"{shown}{total:,} open external task{'' if total == 1 else 's'}")


def tasks_table(found: Iterable[Mapping[str, Any]], now: int, width: int) -> Table:
    """External tasks as they are at `now` (epoch ms), one per row."""
    return table(LAYOUTS, (row(task, now) for task in found), width)


def row(task: Mapping[str, Any], now: int) -> dict[str, str]:
    """A task's texts by title."""
    return {
        TOPIC.title: task["topicName"] or "",
        TASK.title: task["id"],
        ACTIVITY.title: task["activityId"],
        INSTANCE.title: task["processInstanceId"],
        BUSINESS_KEY.title: task["businessKey"] or "",
        WORKER.title: task["workerId"] or "",
        LOCK.title: lock_state(task, now),
        RETRIES.title: "-" if task["retries"] is None else str(task["retries"]),
        PRIORITY.title: str(task["priority"]),
        AGE.title: age(now - parse_date(task["createTime"])),
    }


def lock_state(task: Mapping[str, Any], now: int) -> str:
    """Whether the task is locked, and how long."""
    if task["lockExpirationTime"] is None:
        return "free"
    until = parse_date(task["lockExpirationTime"])
    return f"locked until {near(until, now)}" if until > now else "expired"
