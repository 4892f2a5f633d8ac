"""Facts, live state and read models: three ways to ask what runs, which have to give the same answer."""

from __future__ import annotations

from typing import Any

import httpx

from tests.acceptance.faults.log import Log

TASK = ("id", "activityId", "topicName", "priority", "createTime", "workerId", "lockExpirationTime", "retries", "errorMessage")
VARIABLE = ("executionId", "name", "type", "value", "valueInfo")

Running = dict[str, tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]]
"""By instance its open external tasks and its variables."""


def in_facts(log: Log) -> set[str]:
    """Instances that run as the event store has it."""
    return {instance for _, instance in log.started()} - set(log.ended())


def in_live_state(address: str, instances: list[str]) -> Running:
    """What runs as `/gesta/process-instance/{id}` folds it from the facts."""
    with httpx.Client(base_url=address) as client:
        states = [client.get(f"/gesta/process-instance/{instance}").raise_for_status().json() for instance in instances]
    return {
        state["id"]: (sorted(map(_task, state["externalTasks"])), sorted(map(_variable, state["variables"])))
        for state in states
        if state["state"] == "ACTIVE"
    }


def in_read_models(base: str) -> Running:
    """What runs as the lists say."""
    with httpx.Client(base_url=base) as client:
        instances = client.get("/process-instance").raise_for_status().json()
        tasks = client.get("/external-task").raise_for_status().json()
        variables = client.get("/variable-instance", params={"deserializeValues": "false"}).raise_for_status().json()
    return {
        instance["id"]: (
            sorted(_task(task) for task in tasks if task["processInstanceId"] == instance["id"]),
            sorted(_variable(variable) for variable in variables if variable["processInstanceId"] == instance["id"]),
        )
        for instance in instances
    }


def _task(found: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(found[name] for name in TASK)


def _variable(found: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(str(found[name]) for name in VARIABLE)
