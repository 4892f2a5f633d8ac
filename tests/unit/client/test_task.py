"""External tasks as they arrive."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from gesta_client import ExternalTask
from tests.unit.client.builders import locked_task

OFFSET = timezone(timedelta(hours=2))


def test_a_task_has_every_property_of_the_answer() -> None:
    wire = locked_task(
        retries=3,
        priority=4,
        businessKey="order-1",
        errorMessage="down",
        errorDetails="trace",
        variables={"orderId": {"type": "String", "value": "1234", "valueInfo": {}}},
        extensionProperties={"p1": "v1"},
        ofTheFuture=True,
    )

    task = ExternalTask.received(wire)

    assert task.lock_expiration_time == datetime(2015, 10, 6, 16, 34, 42, tzinfo=OFFSET)
    assert task.create_time == datetime(2015, 10, 6, 16, 33, 42, 123000, tzinfo=OFFSET)
    assert (task.id, task.topic_name, task.worker_id, task.business_key) == ("task-1", "charge-card", "worker-1", "order-1")
    assert (task.retries, task.priority, task.suspended) == (3, 4, False)
    assert (task.error_message, task.error_details) == ("down", "trace")
    assert dict(task.variables) == {"orderId": "1234"}
    assert task.extension_properties == {"p1": "v1"}


def test_a_task_without_its_id_is_no_task() -> None:
    wire = locked_task()
    del wire["id"]

    with pytest.raises(KeyError, match="id"):
        ExternalTask.received(wire)
