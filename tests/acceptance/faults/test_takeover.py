"""A task whose worker is not heard of again becomes another's when its lock has run out, and its facts say so."""

from __future__ import annotations

import httpx

from tests.acceptance.faults.chain import KEY
from tests.acceptance.shared_server import post
from tests.server import RunningServer


def test_a_lock_that_ran_out_is_a_fact_of_the_taking_over(gesta: RunningServer) -> None:
    post(gesta.base, f"/process-definition/key/{KEY}/start", {"businessKey": "taken over"})
    (lost,) = post(gesta.base, "/external-task/fetchAndLock", fetch("lost", 50))

    (task,) = post(gesta.base, "/external-task/fetchAndLock", {**fetch("found", 60_000), "asyncResponseTimeout": 60_000})
    late = httpx.post(f"{gesta.base}/external-task/{task['id']}/complete", json={"workerId": "lost"})
    done = httpx.post(f"{gesta.base}/external-task/{task['id']}/complete", json={"workerId": "found"})

    facts = httpx.get(f"{gesta.address}/gesta/external-task/{task['id']}/facts").json()
    assert [(fact["fact"], fact["data"].get("workerId")) for fact in facts] == [
        ("ExternalTaskCreated", None),
        ("ExternalTaskLocked", "lost"),
        ("ExternalTaskLockExpired", None),
        ("ExternalTaskLocked", "found"),
        ("ExternalTaskCompleted", "found"),
    ]
    assert [fact["version"] for fact in facts] == [1, 2, 3, 4, 5]
    assert facts[1]["data"]["lockUntil"] == lost["lockExpirationTime"] <= facts[2]["time"] == facts[3]["time"]
    assert (late.status_code, late.json()["message"]) == (
        400,
        f"External Task {task['id']} cannot be completed by worker 'lost'. It is locked by worker 'found'.",
    )
    assert done.status_code == 204


def fetch(worker: str, duration: int) -> dict[str, object]:
    """A request for one task, locked for so many ms."""
    return {"workerId": worker, "maxTasks": 1, "topics": [{"topicName": "first", "businessKey": "taken over", "lockDuration": duration}]}
