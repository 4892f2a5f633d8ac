"""A log of messages, signals and jobs explains itself, and tells where somebody touched it."""

from __future__ import annotations

from typing import cast

import pytest
from msgspec.structs import replace

from domain.facts import Fact, JobCreated, JobFailed, Recorded, SubscriptionOpened
from domain.replay import Difference, replay
from tests.unit.domain import commands as asks
from tests.unit.domain.given import NOW, AnyCommand, Instance, started
from tests.unit.domain.models import boundary, catches, definition, external, node, on_message, on_signal, on_time, receives, throws_signal
from tests.unit.events.waiting import HOUR, MINUTE

DEFINITION = definition(
    "start > fork > r > v > join; fork > s > t > join; fork > u > join; b > a > join; join > c > end",
    node("parallelGateway", "fork", camunda_asyncBefore="true"),
    node("exclusiveGateway", "join"),
    receives("r", "m"),
    node("serviceTask", "v", camunda_expression="${n > 1 ? n : ghost}", camunda_resultVariable="w", camunda_asyncBefore="true"),
    catches("s", on_time()),
    throws_signal("t", "alarm"),
    node("userTask", "u"),
    boundary("b", "u", on_time("R/PT1H", "timeCycle"), False),
    boundary("heard", "u", on_signal("alarm")),
    external("a", camunda_asyncAfter="true"),
    catches("c", on_message("end")),
)


def story() -> Instance:
    """An instance that sees a message, a cycle, failures and their end, and signals itself."""
    instance = started(DEFINITION, n=1)

    def play(command: AnyCommand) -> None:
        instance.at += MINUTE
        instance.when(command)

    play(asks.execute(job_of(instance, "fork")))
    subscription = next(one for one in instance.state.subscriptions.values() if one.name == "m")
    play(asks.message(subscription.holder, "m", x=1))
    play(asks.execute(job_of(instance, "v")))
    play(asks.fail_job(job_of(instance, "v")))
    play(asks.set_job_retries(job_of(instance, "v"), 0, NOW + HOUR))
    play(asks.modify(0, n=2))
    play(asks.set_due(job_of(instance, "b"), NOW + 2 * HOUR, True))
    play(asks.recalculate(job_of(instance, "s"), True))
    play(asks.execute(job_of(instance, "b")))
    play(asks.execute(job_of(instance, "v")))
    play(asks.execute(job_of(instance, "s")))
    return instance


def job_of(instance: Instance, element_id: str) -> int:
    return next(job.key for job in instance.state.jobs.values() if job.element_id == element_id)


RECORDS = story().records
CONSEQUENCES = [number for number, record in enumerate(RECORDS) if not record.fact.is_cause]


def differences(records: list[Recorded]) -> list[Difference]:
    return replay(records, lambda _: DEFINITION)


def altered(number: int, fact: Fact) -> list[Recorded]:
    return [*RECORDS[:number], replace(RECORDS[number], fact=fact), *RECORDS[number + 1 :]]


def number_of(cls: type[Fact]) -> int:
    return next(number for number, record in enumerate(RECORDS) if isinstance(record.fact, cls))


def test_a_log_that_nobody_touched_explains_itself() -> None:
    assert differences(RECORDS) == []


@pytest.mark.parametrize("number", CONSEQUENCES, ids=lambda number: f"{number}-{type(RECORDS[number].fact).__name__}")
def test_a_consequence_that_is_left_out_is_found(number: int) -> None:
    assert differences([*RECORDS[:number], *RECORDS[number + 1 :]])


def test_another_due_date_is_found() -> None:
    number = number_of(JobCreated)
    fact = cast(JobCreated, RECORDS[number].fact)

    assert differences(altered(number, replace(fact, priority=9)))


def test_another_name_is_found() -> None:
    number = number_of(SubscriptionOpened)
    fact = cast(SubscriptionOpened, RECORDS[number].fact)

    assert differences(altered(number, replace(fact, name="other")))


@pytest.mark.parametrize(
    "changed", [{"retries": 1}, {"message": "other"}, {"due": NOW}, {"failed_element_id": "other"}], ids=lambda changed: next(iter(changed))
)
def test_another_failure_is_found(changed: dict[str, object]) -> None:
    number = number_of(JobFailed)

    assert differences(altered(number, replace(RECORDS[number].fact, **changed)))
