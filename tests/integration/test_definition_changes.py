"""Definitions after their deployment, on a real database: suspended, resumed and deleted with what belongs to them."""

from __future__ import annotations

import pytest

from api.engine import Engine
from domain.commands import CreateDeployment, DeleteProcessInstance, StartProcessInstance
from domain.definition_commands import DeleteProcessDefinitions, SetHistoryTimeToLive, SuspendProcessDefinitions
from domain.event_commands import CorrelateMessage
from domain.instructions import CancelElement, StartBefore
from domain.job_commands import ExecuteJob, SuspendJobDefinitions
from domain.modification_commands import ModifyProcessInstance
from domain.refusals import ExecutionFailed, Mismatch, NotFound, Suspended
from tests.integration.batches import until
from tests.integration.engines import BROKEN_STREAMS, deployed, fetched, rows, several_started, started
from tests.integration.models import ONE, model, scope
from tests.integration.polling import answer, waiting

pytestmark = pytest.mark.anyio

MESSAGE = '<startEvent id="start"><messageEventDefinition messageRef="begin"/></startEvent>'
TIMER = '<startEvent id="start"><timerEventDefinition><timeDate>2101-01-01T00:00:00</timeDate></timerEventDefinition></startEvent>'
ON_TIME = model("timed", scope("start > work > end", TIMER))
LATER = 4_133_980_800_000


async def definition_of(engine: Engine, key: str) -> str:
    found = await engine.latest_definition(key, None)
    assert found is not None
    return found


async def test_a_suspended_definition_starts_nothing_until_it_is_resumed(engine: Engine) -> None:
    await deployed(engine, ONE)
    await engine.submit(SuspendProcessDefinitions(True, key="one"))

    for command in (StartProcessInstance(definition_key="one"), StartProcessInstance(await definition_of(engine, "one"))):
        with pytest.raises(Suspended):
            await engine.submit(command)
    await engine.submit(SuspendProcessDefinitions(False, key="one"))

    assert await started(engine, "one")


async def test_instances_are_suspended_with_their_definition_and_resumed_tasks_are_given_out_at_once(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 3)
    ids = (await definition_of(engine, "one"),)
    await engine.submit(SuspendProcessDefinitions(True, ids, include_instances=True))
    suspended = await rows(database, "SELECT DISTINCT i.suspended, t.suspended FROM process_instance i, external_task t")
    poll = await waiting(engine)

    await engine.submit(SuspendProcessDefinitions(False, ids, include_instances=True))

    assert suspended == [(True, True)]
    assert len(await answer(poll)) == 3
    assert await rows(database, BROKEN_STREAMS) == []


async def test_a_start_timer_of_a_suspended_definition_ends_without_an_instance(engine: Engine, database: str) -> None:
    await deployed(engine, ON_TIME)
    await engine.submit(SuspendProcessDefinitions(True, key="timed"))
    [(job, suspended)] = await rows(database, "SELECT id::text, suspended FROM job")

    await engine.submit(ExecuteJob(job))

    assert suspended is True
    assert await rows(database, "SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM process_instance)") == [(0, 0)]


async def test_a_suspension_to_come_is_a_job(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await started(engine, "one")
    await engine.submit(SuspendProcessDefinitions(True, key="one", include_instances=True, due=LATER))
    [(job, due)] = await rows(database, "SELECT id::text, due FROM job")
    before = await rows(database, "SELECT d.suspended, i.suspended FROM process_definition d, process_instance i")

    await engine.submit(ExecuteJob(job))

    assert due == LATER
    assert before == [(False, False)]
    assert await rows(database, "SELECT d.suspended, i.suspended FROM process_definition d, process_instance i") == [(True, True)]
    with pytest.raises(NotFound):
        await engine.submit(ExecuteJob(job))


async def test_a_suspension_that_is_due_happens_by_itself(engine: Engine) -> None:
    await deployed(engine, ONE)

    await engine.submit(SuspendProcessDefinitions(True, key="one", due=engine.now()))

    await until(engine, "SELECT suspended FROM process_definition")


async def test_job_definitions_are_suspended_later(engine: Engine, database: str) -> None:
    await deployed(engine, ON_TIME)
    [(id,)] = await rows(database, "SELECT id::text FROM job_definition")
    await engine.submit(SuspendJobDefinitions((id,), True, True, due=engine.now()))

    await until(engine, "SELECT suspended FROM job_definition")

    assert await rows(database, "SELECT kind, suspended FROM job") == [("timer", True)]


async def test_a_deployment_for_later_can_be_started_later(engine: Engine, database: str) -> None:
    await engine.submit(CreateDeployment("later", None, None, (ONE, ON_TIME), activation=LATER))
    born = await rows(database, "SELECT DISTINCT d.suspended, j.suspended FROM process_definition d, job_definition j")
    [(job,)] = await rows(database, "SELECT id::text FROM job WHERE kind = 'suspension'")

    await engine.submit(ExecuteJob(job))

    assert born == [(True, True)]
    assert await rows(database, "SELECT suspended FROM job") == [(False,)]
    assert await started(engine, "one")


async def test_definitions_are_deleted_with_their_instances(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 2)
    ids = (await definition_of(engine, "one"),)

    with pytest.raises(ExecutionFailed):
        await engine.submit(DeleteProcessDefinitions(ids))
    await engine.submit(DeleteProcessDefinitions(ids, cascade=True))

    with pytest.raises(NotFound):
        await engine.submit(DeleteProcessDefinitions(ids, cascade=True))
    assert await rows(database, "SELECT (SELECT count(*) FROM process_instance), count(*) FROM process_definition") == [(0, 0)]
    assert await engine.query_history("SELECT count(*) FROM history_process_instance") == [(0,)]
    assert await rows(database, BROKEN_STREAMS) == []


async def test_the_version_before_is_started_again_when_the_latest_is_deleted(engine: Engine, database: str) -> None:
    await deployed(engine, ON_TIME)
    first = await definition_of(engine, "timed")
    await deployed(engine, ON_TIME)

    await engine.submit(DeleteProcessDefinitions((await definition_of(engine, "timed"),)))

    assert await definition_of(engine, "timed") == first
    assert await rows(database, "SELECT definition_id FROM job") == [(first,)]


async def test_all_versions_are_deleted_together(engine: Engine, database: str) -> None:
    await deployed(engine, ON_TIME)
    await deployed(engine, ON_TIME)
    ids = tuple(id for (id,) in await rows(database, "SELECT id FROM process_definition"))

    await engine.submit(DeleteProcessDefinitions(ids))

    assert await rows(database, "SELECT (SELECT count(*) FROM job), count(*) FROM process_definition") == [(0, 0)]


async def test_a_definition_gets_another_time_to_live(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    id = await definition_of(engine, "one")

    for days in (30, None):
        await engine.submit(SetHistoryTimeToLive(id, days))
        assert await rows(database, "SELECT history_time_to_live FROM process_definition") == [(days,)]
    with pytest.raises(NotFound):
        await engine.submit(SetHistoryTimeToLive("ghost", 1))


async def test_what_is_no_instance_is_unknown_as_one(engine: Engine) -> None:
    deployment = await deployed(engine, ONE)

    with pytest.raises(NotFound):
        await engine.submit(DeleteProcessInstance(deployment.id))
    assert await engine.live_state(deployment.id) is None


async def test_tokens_that_were_moved_are_where_the_read_models_say(engine: Engine, database: str) -> None:
    inside = '<subProcess id="sub">' + scope("start2 > inner > end2") + "</subProcess>"
    await deployed(engine, model("moved", scope("start > work > sub > end", inside)))
    instance = await started(engine, "moved")

    await engine.submit(ModifyProcessInstance(instance, (StartBefore("inner"), CancelElement("work"))))

    assert await rows(database, "SELECT activity_id FROM external_task") == [("inner",)]
    assert await rows(database, "SELECT activity_id FROM element_instance") == [("sub",)]
    assert len(await fetched(engine, "inner")) == 1
    told = await engine.query_history("SELECT activity_id, canceled, end_time IS NULL FROM history_activity_instance ORDER BY key")
    assert told == [("start", False, False), ("work", True, False), ("sub", False, True), ("inner", False, True)]


async def test_an_instance_begins_where_it_is_told_to(engine: Engine) -> None:
    await deployed(engine, model("chain", scope("start > first > second > end")))

    await engine.submit(StartProcessInstance(definition_key="chain", instructions=(StartBefore("second"),)))

    assert len(await fetched(engine, "second")) == 1
    assert await engine.query_history("SELECT start_activity FROM history_process_instance") == [("second",)]


async def test_a_message_starts_no_suspended_definition(engine: Engine) -> None:
    begin = model("begun", scope("start > work > end", MESSAGE))
    message = b'<message id="begin" name="go"/>'
    await deployed(engine, type(begin)(begin.name, begin.content.replace(b"<error ", message + b"<error ", 1)))
    await engine.submit(SuspendProcessDefinitions(True, key="begun"))

    with pytest.raises(Mismatch):
        await engine.submit(CorrelateMessage(name="go"))
    await engine.submit(SuspendProcessDefinitions(False, key="begun"))
    await engine.submit(CorrelateMessage(name="go"))

    assert len(await fetched(engine, "work")) == 1
