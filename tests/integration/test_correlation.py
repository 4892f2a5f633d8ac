"""Messages and signals from outside: whom they reach, that they do it once, and that they do it all or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.engine import Engine
from api.engine.submission import CommandIdTaken
from domain.commands import CompleteUserTask, SuspendProcessInstance
from domain.event_commands import BroadcastSignal, CorrelateMessage, ReceiveMessage
from domain.ids import make_id
from domain.job_commands import SuspendJobDefinitions
from domain.outcomes import ExecutionReached, InstanceStarted
from domain.refusals import ExecutionFailed, Mismatch, MissingValue, NotFound
from domain.values import Value
from tests.integration.engines import (
    completed,
    correlated,
    deployed,
    fetched,
    names,
    opened,
    rows,
    several_started,
    signalled,
    started,
    values,
)
from tests.integration.models import boundary, catches, computes, model, on_message, on_signal, scope, starts, throws

pytestmark = pytest.mark.anyio
WAIT = model("wait", scope("start > paid > work > end", catches("paid", on_message("paid"))))
LISTEN = model("listen", scope("start > heard > work > end", catches("heard", on_signal("alarm"))))
BEGIN = model("begin", scope("ordered > work > end", starts("ordered", on_message("ordered"))))
WAKE = model("wake", scope("woken > work > end", starts("woken", on_signal("alarm"))))
SHOUT = model("shout", scope("start > ask > throw > work > end", '<userTask id="ask"/>', throws("throw", "alarm")))
FAIL = model("fail", scope("start > heard > boom > end", catches("heard", on_signal("alarm")), computes("boom", "${ghost}", "")))
ECHO = model("echo", scope("heard > throw > end", starts("heard", on_signal("alarm")), throws("throw", "alarm")))
ID, OTHER_ID, BESIDE = (make_id(1_700_000_000_000, random) for random in (1 << 40, 2 << 40, (1 << 40) + 1))
"""Ids of commands; what the last one would begin, the first one has begun."""


async def waiting(engine: Engine) -> list[tuple[str, str]]:
    """Instances that wait for something, and for what."""
    return await engine.query(
        "SELECT process_instance_id::text, event_name FROM event_subscription WHERE execution_id IS NOT NULL ORDER BY 1"
    )


async def instances(engine: Engine) -> list[tuple[str, str, str | None]]:
    return await engine.query("SELECT id::text, definition_key, business_key FROM process_instance ORDER BY id")


async def user_task(engine: Engine) -> CompleteUserTask:
    """The completion of the only user task."""
    [(task_id,)] = await engine.query("SELECT id::text FROM user_task")
    return CompleteUserTask(task_id)


async def last_place(database: str) -> int:
    [(place,)] = await rows(database, "SELECT max(notification_id) FROM stored_events")
    return int(place)


TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM stored_events WHERE notification_id > %s"
VARIABLES: dict[str, Any] = {"n": 1, "text": "Red", "flag": True, "number": 1.5, "nothing": None, "date": Value("Date", 5)}


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"business_key": "k"},
        {"correlation_keys": values(n=1)},
        {"correlation_keys": values(**VARIABLES)},
        {"without_tenant": True},
    ],
)
async def test_a_message_finds_the_one_that_waits(engine: Engine, how: dict[str, Any]) -> None:
    await deployed(engine, WAIT)
    instance = await started(engine, "wait", "k", **VARIABLES)

    [reached] = await correlated(engine, "paid", variables=values(m=2), **how)

    assert isinstance(reached, ExecutionReached)
    assert (reached.instance_id, reached.variables["m"].content) == (instance, 2)
    assert await waiting(engine) == []
    assert len(await fetched(engine, "work")) == 1


@pytest.mark.parametrize(
    "how",
    [
        {"name": "other"},
        {"business_key": "other"},
        {"correlation_keys": values(n=2)},
        {"correlation_keys": {"n": Value("Long", 1)}},
        {"correlation_keys": values(n=1, ghost=1)},
        {"local_correlation_keys": values(n=1)},
        {"tenant_id": "t"},
        {"instance_id": ID},
        {"instance_id": "nonsense"},
    ],
)
async def test_a_message_that_fits_nobody_is_refused(engine: Engine, how: dict[str, Any]) -> None:
    await deployed(engine, WAIT)
    await started(engine, "wait", "k", n=1)

    with pytest.raises(Mismatch, match="No process definition or execution matches the parameters"):
        await correlated(engine, **{"name": "paid", **how})

    assert len(await waiting(engine)) == 1


async def test_a_message_for_one_that_fits_several_is_refused(engine: Engine) -> None:
    await deployed(engine, WAIT)
    await several_started(engine, "wait", 3, n=1)

    with pytest.raises(Mismatch, match="3 executions match the correlation keys"):
        await correlated(engine, "paid", correlation_keys=values(n=1))

    assert len(await waiting(engine)) == 3


async def test_a_message_for_all_reaches_all(engine: Engine) -> None:
    await deployed(engine, WAIT)
    expected = await several_started(engine, "wait", 3, n=1)

    reached = await correlated(engine, "paid", all=True)

    assert sorted(result.instance_id for result in reached if isinstance(result, ExecutionReached)) == sorted(expected)
    assert await waiting(engine) == []


async def test_a_message_for_all_may_reach_nobody(engine: Engine) -> None:
    assert await correlated(engine, "paid", all=True) == []


async def test_a_message_starts_an_instance(engine: Engine) -> None:
    await deployed(engine, BEGIN)

    [begun] = await correlated(engine, "ordered", business_key="k", variables=values(n=1))

    assert isinstance(begun, InstanceStarted)
    assert await instances(engine) == [(begun.id, "begin", "k")]


async def test_a_message_to_an_execution(engine: Engine) -> None:
    await deployed(engine, WAIT)
    first, second = sorted(await several_started(engine, "wait", 2))
    [(execution,)] = await engine.query("SELECT execution_id::text FROM event_subscription WHERE process_instance_id = %s::uuid", [first])

    await engine.submit(ReceiveMessage(execution, "paid", values(n=1)))

    assert await waiting(engine) == [(second, "paid")]


async def test_a_signal_passes_over_a_suspended_instance(engine: Engine) -> None:
    await deployed(engine, LISTEN)
    instance = await started(engine, "listen")
    await engine.submit(SuspendProcessInstance(instance, True))

    await signalled(engine, "alarm")

    assert await waiting(engine) == [(instance, "alarm")]


async def test_a_signal_for_one_execution(engine: Engine) -> None:
    await deployed(engine, LISTEN)
    first, second = sorted(await several_started(engine, "listen", 2))
    [(execution,)] = await engine.query("SELECT execution_id::text FROM event_subscription WHERE process_instance_id = %s::uuid", [first])

    await signalled(engine, "alarm", execution_id=execution)

    assert await waiting(engine) == [(second, "alarm")]


async def test_a_signal_for_an_execution_that_is_nowhere(engine: Engine) -> None:
    with pytest.raises(MissingValue):
        await signalled(engine, "alarm", execution_id=ID)


@pytest.mark.parametrize("command", [CorrelateMessage(name="paid", all=True), CorrelateMessage(name="ordered"), BroadcastSignal("alarm")])
async def test_a_command_that_is_sent_twice_is_carried_out_once(engine: Engine, database: str, command: Any) -> None:
    await deployed(engine, WAIT, LISTEN, BEGIN, WAKE)
    await started(engine, "wait")
    await started(engine, "listen")

    first = await engine.submit(command, command_id=ID)
    place = await last_place(database)
    again = await engine.submit(command, command_id=ID)

    assert again == first
    assert await last_place(database) == place


async def test_what_was_sent_is_recorded_once_beside_what_it_did(engine: Engine, database: str) -> None:
    await deployed(engine, WAIT)
    instance = await started(engine, "wait")

    await correlated(engine, "paid", command_id=ID, variables=values(n=1))
    await signalled(engine, "nobody", command_id=OTHER_ID)

    sent = await rows(database, "SELECT topic FROM stored_events WHERE topic ~ 'Sent' ORDER BY topic")
    assert sent == [("MessageSent.1",), ("SignalSent.1",)]
    assert "MessageCorrelated" in names(await engine.facts(instance))


@pytest.mark.parametrize("command", [CorrelateMessage(name="paid", all=True), BroadcastSignal("alarm"), SuspendJobDefinitions((), True)])
async def test_an_id_whose_stream_is_somebody_elses_is_refused(engine: Engine, command: Any) -> None:
    await signalled(engine, "nobody", command_id=ID)

    with pytest.raises(CommandIdTaken):
        await engine.submit(command, command_id=BESIDE)


async def test_a_signal_reaches_everybody_in_one_transaction(engine: Engine, database: str) -> None:
    await deployed(engine, LISTEN, WAKE)
    await several_started(engine, "listen", 3)
    place = await last_place(database)

    await signalled(engine, "alarm", variables=values(n=1))

    assert await rows(database, TRANSACTIONS, place) == [(1,)]
    assert len(await fetched(engine, "work")) == 4


async def test_a_signal_that_a_process_throws_reaches_others_in_its_transaction(engine: Engine, database: str) -> None:
    await deployed(engine, SHOUT, LISTEN, WAKE)
    before = {await started(engine, "listen"), await started(engine, "shout")}
    place = await last_place(database)

    await engine.submit(await user_task(engine))

    after = {instance for instance, *_ in await instances(engine)}
    assert (before < after, len(after)) == (True, 3)
    assert {instance for (instance,) in await engine.query("SELECT process_instance_id::text FROM external_task")} == after
    assert await rows(database, TRANSACTIONS, place) == [(1,)]


@pytest.mark.parametrize("thrown", [False, True], ids=["sent", "thrown"])
async def test_a_receiver_that_fails_takes_everything_back(engine: Engine, thrown: bool) -> None:
    await deployed(engine, SHOUT, LISTEN, FAIL)
    for key in ("listen", "fail", "shout"):
        await started(engine, key)
    command = await user_task(engine) if thrown else BroadcastSignal("alarm")

    with pytest.raises(ExecutionFailed, match="ghost"):
        await engine.submit(command)

    assert [name for _, name in await waiting(engine)] == ["alarm", "alarm"]
    assert len(await engine.query("SELECT FROM user_task")) == 1


async def test_a_process_that_answers_its_own_signal_for_ever_is_stopped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.engine.spreading.MOST_SIGNALS", 50)
    await deployed(engine, ECHO)

    with pytest.raises(ExecutionFailed, match="more than 50 signals"):
        await signalled(engine, "alarm")

    assert await instances(engine) == []


async def test_a_boundary_message_interrupts_a_task_that_a_worker_has(engine: Engine) -> None:
    stopped = model("stop", scope("start > work > end; stopped > after > end", boundary("stopped", "work", on_message("stop"))))
    await deployed(engine, stopped)
    instance = await started(engine, "stop")
    [task] = await fetched(engine, "work")

    await correlated(engine, "stop", instance_id=instance)

    with pytest.raises(NotFound):
        await completed(engine, task)
    assert len(await fetched(engine, "after")) == 1


BOTH = model(
    "both",
    scope(
        "start > fork; fork > paid > join; fork > work > join; join > end",
        '<parallelGateway id="fork"/><parallelGateway id="join"/>',
        catches("paid", on_message("paid")),
    ),
)


async def test_of_two_messages_that_meet_completions_in_two_engines_one_is_refused(engine: Engine, database: str) -> None:
    await deployed(engine, BOTH)
    ids = await several_started(engine, "both", 20)
    tasks = await fetched(engine, "work", most=20)

    async with opened(database) as other:
        answers = await asyncio.gather(
            *(correlated(e, "paid", instance_id=id) for id in ids for e in (engine, other)),
            *(completed(engine, task) for task in tasks),
            return_exceptions=True,
        )

    refused = [type(answer) for answer in answers if isinstance(answer, BaseException)]
    assert refused == [Mismatch] * 20
    assert await instances(engine) == []
