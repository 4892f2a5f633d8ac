"""What starts processes goes with their latest version: messages, signals and timers move when one is deployed or deleted."""

from __future__ import annotations

import asyncio

import pytest

from api.engine import Engine
from domain.commands import Command, CreateDeployment, DeleteDeployment, ResourceFile
from domain.job_commands import DeleteJob, ExecuteJob, FailJob, SetJobRetries
from domain.outcomes import Deployed, JobAttempted
from domain.refusals import ExecutionFailed, NotFound
from tests.integration.engines import correlated, deployed, opened, rows, signalled, until
from tests.integration.models import computes, model, on_message, on_signal, on_time, scope, starts

pytestmark = pytest.mark.anyio
SUBSCRIPTIONS = "SELECT definition_id, event_name FROM event_subscription ORDER BY event_name"
TIMERS = "SELECT definition_id FROM job WHERE process_instance_id IS NULL"
NO_TIMERS = "SELECT count(*) FROM job WHERE process_instance_id IS NULL"
INSTANCES = "SELECT count(*) FROM process_instance"
LATEST = "SELECT id FROM process_definition ORDER BY version DESC LIMIT 1"
FAILING = model("p", scope("start > sum > end", starts("start", on_time("PT1H")), computes("sum", "${ghost}", "")))


def process(key: str = "p", message: str = "ordered", timer: str = "PT1H") -> ResourceFile:
    """A process that a message, a signal and a timer start."""
    events = starts("by_message", on_message(message)), starts("by_signal", on_signal("alarm")), starts("by_timer", on_time(timer))
    return model(key, scope("by_message > work > end; by_signal > work; by_timer > work", *events))


def cycle(text: str) -> ResourceFile:
    return model("p", scope("start > work > end", starts("start", on_time(text, "timeCycle"))))


def definition_of(deployment: Deployed) -> str:
    (definition,) = deployment.definitions
    return definition.id


async def several_deployed(engine: Engine, count: int) -> list[Deployed]:
    """So many versions of the process."""
    return [await deployed(engine, process(), name=str(number)) for number in range(count)]


async def test_the_latest_version_has_them(engine: Engine, database: str) -> None:
    await deployed(engine, process(), name="one")

    second = definition_of(await deployed(engine, process(message="asked"), name="two"))

    assert await rows(database, SUBSCRIPTIONS) == [(second, "alarm"), (second, "asked")]
    assert await rows(database, TIMERS) == [(second,)]


async def test_the_version_before_a_deleted_one_has_them_again(engine: Engine, database: str) -> None:
    first, second = await several_deployed(engine, 2)

    await engine.submit(DeleteDeployment(second.id))

    assert await rows(database, SUBSCRIPTIONS) == [(definition_of(first), "alarm"), (definition_of(first), "ordered")]
    assert await rows(database, TIMERS) == [(definition_of(first),)]


async def test_a_version_that_is_not_the_latest_goes_unnoticed(engine: Engine, database: str) -> None:
    first, second = await several_deployed(engine, 2)
    before = await rows(database, SUBSCRIPTIONS)

    await engine.submit(DeleteDeployment(first.id))

    assert await rows(database, SUBSCRIPTIONS) == before
    assert await rows(database, TIMERS) == [(definition_of(second),)]


async def test_versions_that_are_gone_are_passed_over(engine: Engine, database: str) -> None:
    first, second, third = await several_deployed(engine, 3)

    for deployment in (second, third):
        await engine.submit(DeleteDeployment(deployment.id))

    assert await rows(database, TIMERS) == [(definition_of(first),)]


async def test_the_last_version_takes_them_along(engine: Engine, database: str) -> None:
    [deployment] = await several_deployed(engine, 1)

    await engine.submit(DeleteDeployment(deployment.id))

    assert (await rows(database, SUBSCRIPTIONS), await rows(database, TIMERS)) == ([], [])
    assert await rows(database, "SELECT count(*) FROM job_definition") == [(0,)]


async def test_one_message_starts_one_process(engine: Engine, database: str) -> None:
    await deployed(engine, process("p"))

    with pytest.raises(ExecutionFailed, match=r"ENGINE-01011 Cannot deploy process definition 'q.bpmn': there already is a message"):
        await deployed(engine, process("q"))

    assert await rows(database, "SELECT count(*) FROM deployment") == [(1,)]


async def test_of_two_deployments_of_a_message_at_once_one_is_refused(engine: Engine, database: str) -> None:
    async with opened(database) as other:
        answers = await asyncio.gather(
            *(e.submit(CreateDeployment("d", None, None, (process(key),))) for e, key in ((engine, "p"), (other, "q"))),
            return_exceptions=True,
        )

    assert sorted(type(answer).__name__ for answer in answers) == ["Deployed", "ExecutionFailed"]


async def test_of_several_versions_at_once_the_latest_has_them(engine: Engine, database: str) -> None:
    async with opened(database) as other:
        await asyncio.gather(*(e.submit(CreateDeployment(str(n), None, None, (process(),))) for n in range(5) for e in (engine, other)))

    [(latest,)] = await rows(database, LATEST)
    assert await rows(database, SUBSCRIPTIONS) == [(latest, "alarm"), (latest, "ordered")]
    assert await rows(database, TIMERS) == [(latest,)]


async def test_versions_that_come_and_go_in_two_engines_leave_them_to_the_latest(engine: Engine, database: str) -> None:
    plain = model("p", scope("start > work > end"))
    deployments = [await deployed(engine, (process(), plain)[number % 2], name=str(number)) for number in range(6)]

    async with opened(database) as other:
        await asyncio.gather(
            *(engine.submit(DeleteDeployment(deployment.id)) for deployment in deployments[1:]),
            *(other.submit(CreateDeployment(f"new {number}", None, None, (process(),))) for number in range(3)),
            *(other.submit(DeleteDeployment(deployment.id)) for deployment in deployments[:1]),
        )

    [(latest,)] = await rows(database, LATEST)
    assert await rows(database, SUBSCRIPTIONS) == [(latest, "alarm"), (latest, "ordered")]
    assert await rows(database, TIMERS) == [(latest,)]


async def test_each_of_them_starts_an_instance(engine: Engine, database: str) -> None:
    await deployed(engine, process(timer="PT1S"))

    await correlated(engine, "ordered")
    await signalled(engine, "alarm")
    await until(database, NO_TIMERS, 0)

    assert await rows(database, INSTANCES) == [(3,)]


async def test_two_engines_start_one_instance_at_every_date_of_a_cycle(engine: Engine, database: str) -> None:
    async with opened(database):
        await deployed(engine, cycle("R2/PT2S"))
        await until(database, NO_TIMERS, 0)

    assert await rows(database, INSTANCES) == [(2,)]


async def test_a_timer_that_fires_while_versions_come_leaves_the_latest_one(engine: Engine, database: str) -> None:
    await deployed(engine, cycle("R/PT1S"))

    async with opened(database) as other:
        for number in range(1, 4):
            await deployed((engine, other)[number % 2], cycle("R/PT1S"), name=str(number))
            await until(database, INSTANCES, number)

    [(latest,)] = await rows(database, LATEST)
    assert await rows(database, TIMERS) == [(latest,)]


async def test_a_start_that_fails_leaves_an_incident_without_instance(engine: Engine, database: str) -> None:
    await deployed(engine, FAILING)
    [(job_id,)] = await rows(database, "SELECT id::text FROM job")

    answers = [await engine.submit(ExecuteJob(job_id)) for _ in range(3)]

    incident = "SELECT incident_type, process_instance_id, configuration, activity_id FROM incident"
    assert all(isinstance(answer, JobAttempted) and answer.failure is not None for answer in answers)
    assert await rows(database, incident) == [("failedJob", None, job_id, "start")]
    assert await rows(database, INSTANCES) == [(0,)]


async def test_new_retries_resolve_the_incident_of_a_start(engine: Engine, database: str) -> None:
    await deployed(engine, FAILING)
    [(job_id,)] = await rows(database, "SELECT id::text FROM job")
    await engine.submit(SetJobRetries(job_id, 0))

    await engine.submit(SetJobRetries(job_id, 1))

    assert await rows(database, "SELECT count(*) FROM incident") == [(0,)]


async def test_a_timer_that_is_gone_is_not_found(engine: Engine, database: str) -> None:
    [deployment] = await several_deployed(engine, 1)
    [(job_id,)] = await rows(database, "SELECT id::text FROM job")
    await engine.submit(DeleteDeployment(deployment.id))

    commands: list[Command] = [ExecuteJob(job_id), FailJob(job_id, "x"), DeleteJob(job_id)]
    for command in commands:
        with pytest.raises(NotFound):
            await engine.submit(command)
