"""Jobs: executed when they are due, by whatever server is there, once; and what becomes of those that fail."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import psycopg
import pytest

from api.engine import Engine
from api.engine.job_executor import JOB_LOCK
from domain.commands import Command, CompleteUserTask, ModifyVariables, SuspendProcessInstance
from domain.facts import JobExecuted, JobFailed
from domain.job_commands import ExecuteJob, SetJobDueDate, SetJobRetries, SuspendJob
from domain.outcomes import JobAttempted
from domain.refusals import NotFound
from tests.integration.engines import (
    BROKEN_STREAMS,
    change,
    deployed,
    differences,
    fetched,
    names,
    opened,
    rows,
    several_started,
    started,
    until,
    values,
)
from tests.integration.models import boundary, catches, computes, model, on_signal, on_time, scope, task

pytestmark = pytest.mark.anyio
AT_THE_BORDER = '<serviceTask id="work" camunda:type="external" camunda:topic="work" camunda:asyncBefore="true"/>'
ASYNC = model("async", scope("start > work > end", AT_THE_BORDER))
SOON = model("soon", scope("start > wait > work > end", catches("wait", on_time("PT1S"))))
LATER = model("later", scope("start > wait > work > end", catches("wait", on_time("PT1H"))))
FAILING = model("failing", scope("start > sum > end", computes("sum", "${ghost}")))
RINGING = model(
    "ringing",
    scope("start > ask > end; ring > work > end", '<userTask id="ask"/>', boundary("ring", "ask", on_time("R2/PT2S", "timeCycle"), False)),
)
JOBS, TASKS = "SELECT count(*) FROM job", "SELECT count(*) FROM external_task"
LEFT = "SELECT count(*) FROM job WHERE activity_id <> 'wait'"
"""Jobs but for those of timers that are not due."""
ALL_DUE = "UPDATE job SET due = 1"
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gesta jobs' AND datname = current_database()"


@pytest.fixture
async def idle(database: str) -> AsyncIterator[Engine]:
    """An engine that executes no jobs."""
    async with opened(database, job_executor=False) as running:
        yield running
    assert await differences(database) == []
    assert await rows(database, BROKEN_STREAMS) == []


async def job_id(engine: Engine) -> str:
    """The id of the only job."""
    [(id,)] = await engine.query("SELECT id::text FROM job")
    return str(id)


async def looked(engine: Engine, database: str) -> None:
    """Let the executor look for jobs once: whatever it would take now, it takes with this one."""
    await started(engine, "async")
    await until(database, LEFT, 0)


async def executed(engine: Engine, instance_ids: list[str]) -> Counter[int]:
    """How many jobs were executed in how many instances."""
    return Counter([names(await engine.facts(id)).count("JobExecuted") for id in instance_ids])


async def test_continuations_go_on(engine: Engine, database: str) -> None:
    await deployed(engine, ASYNC)

    await several_started(engine, "async", 20)
    await until(database, JOBS, 0)

    assert len(await fetched(engine, "work", most=100)) == 20


async def test_a_timer_fires_when_it_is_due_and_not_before(engine: Engine, database: str) -> None:
    await deployed(engine, SOON)
    instance = await started(engine, "soon")
    [(due,)] = await rows(database, "SELECT due FROM job")

    await until(database, JOBS, 0)

    [fired] = [record.envelope.at for record in await engine.facts(instance) if isinstance(record.fact, JobExecuted)]
    assert fired >= due


async def test_a_timer_that_is_not_due_waits(engine: Engine, database: str) -> None:
    await deployed(engine, LATER, ASYNC)
    await started(engine, "later")

    await looked(engine, database)

    assert await rows(database, JOBS) == [(1,)]


async def test_a_cycle_fires_until_it_is_over(engine: Engine, database: str) -> None:
    await deployed(engine, RINGING)
    instance = await started(engine, "ringing")

    await until(database, JOBS, 0)

    assert await executed(engine, [instance]) == {2: 1}
    assert await rows(database, TASKS) == [(2,)]


async def test_jobs_of_an_engine_that_executes_none_are_found_by_another(idle: Engine, database: str) -> None:
    await deployed(idle, ASYNC)

    async with opened(database):
        await several_started(idle, "async", 5)
        await until(database, JOBS, 0)

    assert len(await fetched(idle, "work")) == 5


async def test_two_engines_execute_every_job_once(idle: Engine, database: str) -> None:
    await deployed(idle, ASYNC, LATER)
    ids = [*await several_started(idle, "async", 150), *await several_started(idle, "later", 150)]
    change(database, ALL_DUE)

    async with opened(database), opened(database):
        await until(database, JOBS, 0)

    assert await executed(idle, ids) == {1: 300}


async def test_jobs_of_one_instance_that_two_engines_have_meet_in_its_join(idle: Engine, database: str) -> None:
    gateways = '<parallelGateway id="fork" camunda:asyncAfter="true"/><parallelGateway id="join" camunda:asyncBefore="true"/>'
    flows = "; ".join(f"fork > b{n} > join" for n in range(8))
    fan = model("fan", scope(f"start > fork; {flows}; join > end", gateways, *(task(f"b{n}") for n in range(8))))
    await deployed(idle, fan)
    await several_started(idle, "fan", 5)

    async with opened(database), opened(database):
        await until(database, JOBS, 0)

    assert await rows(database, TASKS) == [(40,)]


async def test_jobs_in_the_hands_of_a_server_are_free_when_it_dies(engine: Engine, database: str) -> None:
    await deployed(engine, LATER, ASYNC)
    await started(engine, "later")
    connection = await psycopg.AsyncConnection.connect(database, autocommit=True)
    await connection.execute(f"SELECT pg_advisory_lock({JOB_LOCK}, hashtext(id::text)) FROM job".encode())
    change(database, ALL_DUE)

    await looked(engine, database)
    held = await rows(database, JOBS)
    await connection.close()
    await until(database, JOBS, 0)

    assert held == [(1,)]


async def test_connections_that_break_while_jobs_are_executed_lose_and_double_nothing(idle: Engine, database: str) -> None:
    await deployed(idle, ASYNC)
    ids = await several_started(idle, "async", 200)

    async with opened(database):
        for done in (20, 60, 120):
            while (await rows(database, TASKS))[0][0] < done:
                pass
            await rows(database, TERMINATE)
        await until(database, JOBS, 0)

    assert await executed(idle, ids) == {1: 200}


async def test_a_server_that_stops_in_the_middle_leaves_its_jobs_to_others(idle: Engine, database: str) -> None:
    await deployed(idle, ASYNC)
    ids = await several_started(idle, "async", 300)

    async with opened(database):
        while await rows(database, TASKS) == [(0,)]:
            pass
    async with opened(database):
        await until(database, JOBS, 0)

    assert await executed(idle, ids) == {1: 300}


async def test_a_job_that_fails_is_tried_three_times_and_leaves_an_incident(engine: Engine, database: str) -> None:
    await deployed(engine, FAILING)
    instance = await started(engine, "failing")

    await until(database, "SELECT count(*) FROM incident", 1)

    assert [record.fact.retries for record in await engine.facts(instance) if isinstance(record.fact, JobFailed)] == [2, 1, 0]
    [(retries, message, kind)] = await rows(database, "SELECT j.retries, j.exception_message, i.incident_type FROM job j, incident i")
    assert (retries, "ghost" in message, kind) == (0, True, "failedJob")


async def test_a_job_without_retries_waits_until_it_gets_some(engine: Engine, database: str) -> None:
    await deployed(engine, FAILING)
    instance = await started(engine, "failing")
    await until(database, "SELECT count(*) FROM incident", 1)
    await engine.submit(ModifyVariables(instance, values(ghost=1)))

    await engine.submit(SetJobRetries(await job_id(engine), 1))
    await until(database, JOBS, 0)

    assert await rows(database, "SELECT count(*) FROM incident") == [(0,)]


async def test_a_job_that_fails_is_not_tried_before_its_cycle_says(engine: Engine, database: str) -> None:
    cycle = "<extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1H</camunda:failedJobRetryTimeCycle></extensionElements>"
    await deployed(engine, model("failing", scope("start > sum > end", computes("sum", "${ghost}", inner=cycle))), ASYNC)
    await started(engine, "failing")
    await until(database, "SELECT retries FROM job", 2)

    await started(engine, "async")
    await until(database, JOBS, 1)

    assert await rows(database, "SELECT retries FROM job") == [(2,)]


@pytest.mark.parametrize("whole", [True, False], ids=["instance", "job"])
async def test_suspended_jobs_are_left_alone(engine: Engine, database: str, whole: bool) -> None:
    await deployed(engine, LATER, ASYNC)
    instance, job = await started(engine, "later"), await job_id(engine)

    def suspension(suspended: bool) -> Command:
        return SuspendProcessInstance(instance, suspended) if whole else SuspendJob(job, suspended)

    await engine.submit(suspension(True))
    await engine.submit(SetJobDueDate(job, 1))
    await looked(engine, database)
    left = await rows(database, JOBS)
    await engine.submit(suspension(False))
    await until(database, JOBS, 0)

    assert left == [(1,)]


async def test_a_job_executed_by_hand_tells_how_it_went(idle: Engine) -> None:
    await deployed(idle, FAILING, LATER)
    await started(idle, "failing")
    failing = await job_id(idle)
    await started(idle, "later")
    [(later,)] = await idle.query("SELECT id::text FROM job WHERE due IS NOT NULL")

    failed, done = await idle.submit(ExecuteJob(failing)), await idle.submit(ExecuteJob(later))

    assert isinstance(failed, JobAttempted)
    assert failed.failure is not None
    assert done == JobAttempted()


async def test_jobs_whose_tasks_users_complete_meanwhile_are_no_trouble(idle: Engine, database: str) -> None:
    await deployed(idle, RINGING)
    await several_started(idle, "ringing", 30)
    change(database, ALL_DUE)
    completions = [CompleteUserTask(id) for (id,) in await rows(database, "SELECT id::text FROM user_task")]

    async with opened(database):
        await asyncio.gather(*(idle.submit(completion) for completion in completions))
        await until(database, JOBS, 0)

    assert await rows(database, "SELECT count(*) FROM user_task") == [(0,)]


async def test_a_thrown_signal_that_fails_elsewhere_fails_the_job(engine: Engine, database: str) -> None:
    throws = f'<intermediateThrowEvent id="shout" camunda:asyncBefore="true">{on_signal("alarm")}</intermediateThrowEvent>'
    fails = model("fails", scope("start > heard > sum > end", catches("heard", on_signal("alarm")), computes("sum", "${ghost}", "")))
    await deployed(engine, model("shouts", scope("start > shout > end", throws)), fails)
    listening = await started(engine, "fails")

    throwing = await started(engine, "shouts")
    await until(database, "SELECT count(*) FROM incident", 1)

    assert names(await engine.facts(throwing)).count("JobFailed") == 3
    assert "SignalReceived" not in names(await engine.facts(listening))


async def test_a_job_that_is_gone_is_not_found(idle: Engine) -> None:
    await deployed(idle, LATER)
    await started(idle, "later")
    job = await job_id(idle)
    await idle.submit(ExecuteJob(job))

    with pytest.raises(NotFound):
        await idle.submit(ExecuteJob(job))
