"""Every command of the description, sent twice under one `Gesta-Command-Id`: it happens once, and no other command gets its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import psycopg
import requests

from tests.acceptance.fuzz.fuzzing import Operation
from tests.acceptance.fuzz.world import KEY, MESSAGE, MODEL, WORKER, World, known
from tests.server import RunningServer

LEFT = "SELECT count(*) FROM stored_events WHERE position(%b::bytea IN state) > 0"
TYPED = {"value": 7, "type": "Integer"}
BODIES: Mapping[str, Any] = {
    "correlateMessage": lambda ids: {"messageName": MESSAGE, "processInstanceId": ids["process-instance"], "resultEnabled": True},
    "deliverMessage": lambda ids: {"messageName": MESSAGE, "processInstanceId": ids["process-instance"]},
    "throwSignal": lambda ids: {"name": "aSignal"},
    "setExternalTaskRetries": lambda ids: {"retries": 4, "processInstanceIds": [ids["process-instance"]]},
    "updateSuspensionState": lambda ids: {"suspended": True, "processInstanceIds": [ids["process-instance"]]},
    "completeExternalTasks": lambda ids: {"workerId": WORKER, "tasks": [{"id": ids["external-task"]}]},
    "handleExternalTaskBpmnError": lambda ids: {"workerId": WORKER, "errorCode": "anError"},
    "createIncident": lambda ids: {"incidentType": "aType", "message": "aMessage"},
    "modifyProcessInstanceVariables": lambda ids: {"modifications": {"n": TYPED}},
    "modifyLocalExecutionVariables": lambda ids: {"modifications": {"n": TYPED}},
    "modifyTaskVariables": lambda ids: {"modifications": {"n": TYPED}},
    "modifyTaskLocalVariables": lambda ids: {"modifications": {"n": TYPED}},
    "complete": lambda ids: {"variables": {"n": TYPED}},
    "updateProcessInstanceSuspensionState": lambda ids: {"suspended": True},
    "suspendProcessInstances": lambda ids: {"suspended": True, "processInstanceIds": [ids["process-instance"]]},
    "updateSuspensionStateJobDefinitions": lambda ids: {"suspended": True, "processDefinitionKey": KEY},
    "updateSuspensionStateBy": lambda ids: {"suspended": True, "processDefinitionKey": KEY},
    "redeploy": lambda ids: {"resourceIds": [ids["resource"]]},
    "setVariablesAsyncOperation": lambda ids: {"processInstanceIds": [ids["process-instance"]], "variables": {"n": TYPED}},
    "modifyProcessInstanceAsyncOperation": lambda ids: {"instructions": [{"type": "startBeforeActivity", "activityId": "anActivity"}]},
    "updateProcessDefinitionSuspensionState": lambda ids: {"suspended": False, "processDefinitionKey": KEY},
    "updateProcessDefinitionSuspensionStateById": lambda ids: {"suspended": False},
    "updateProcessDefinitionSuspensionStateByKey": lambda ids: {"suspended": False},
    "updateProcessDefinitionSuspensionStateByKeyAndTenantId": lambda ids: {"suspended": False},
}
"""Where the documented example is about something that is not there."""
CASCADING = (
    "deleteDeployment",
    "deleteProcessDefinition",
    "deleteProcessDefinitionsByKey",
    "deleteProcessDefinitionsByKeyAndTenantId",
)
QUERIES: Mapping[str, Any] = {name: {"cascade": "true"} for name in CASCADING}
NEEDS_MORE = frozenset(("deleteHistoricProcessInstance", "resolveIncident", "signalExecution", "triggerEvent"))
"""Commands that need another world: one without what they are refused for here."""


def names(operation: Operation) -> str:
    return str(operation.definition.raw["operationId"])


def commands(operations: list[Operation]) -> list[Operation]:
    """Those that take a command's id."""
    return [o for o in operations if any(p["name"] == "Gesta-Command-Id" for p in o.definition.raw.get("parameters", ()))]


def sent(operation: Operation, world: World, address: str, ids: Mapping[str, str], key: str) -> requests.Response:
    """Send a command as its example shows it."""
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    given: dict[str, Any] = {"headers": {"Gesta-Command-Id": key}, "params": QUERIES.get(names(operation))}
    if "multipart/form-data" in content:
        given |= {"files": {"data": (f"{KEY}.bpmn", MODEL)}} if operation.path.endswith("create") else {"files": {"data": ("a", b"b")}}
    elif content:
        made = BODIES.get(names(operation))
        given |= {"json": made(ids) if made else content["application/json"]["example"]}
    return world.session.request(operation.method, address + operation.path.format(**known(operation.path, ids)), **given)


def left(server: RunningServer, key: str) -> int:
    """How many facts a command has left: each holds its id."""
    with psycopg.connect(server.conninfo) as connection:
        row = connection.execute(LEFT, [UUID(key).bytes]).fetchone()
    assert row
    return int(row[0])


def test_every_command_happens_once_under_its_id(operations: list[Operation], world: World, fuzzed: RunningServer) -> None:
    happened, twice, answers = set(), {}, {}
    for operation in commands(operations):
        ids, key = world.make(), str(uuid4())
        first = sent(operation, world, fuzzed.address, ids, key)
        before = left(fuzzed, key)
        again = sent(operation, world, fuzzed.address, ids, key)
        if first.ok:
            happened.add(names(operation))
        if left(fuzzed, key) != before:
            twice[names(operation)] = left(fuzzed, key) - before
        if first.ok and first.status_code != again.status_code:
            answers[names(operation)] = (first.status_code, again.status_code, again.text)

    assert (twice, answers) == ({}, {})
    assert {names(operation) for operation in commands(operations)} - happened == NEEDS_MORE


def test_no_command_gets_anothers_id(operations: list[Operation], world: World, fuzzed: RunningServer) -> None:
    by_name = {names(operation): operation for operation in operations}
    priority, ids, key = by_name["setExternalTaskResourcePriority"], world.make(), str(uuid4())
    sent(priority, world, fuzzed.address, ids, key).raise_for_status()
    before = left(fuzzed, key)

    others = [o for o in commands(operations) if names(o) not in NEEDS_MORE | {names(priority)}]
    allowed = {names(o): answer.text for o in others if (answer := sent(o, world, fuzzed.address, ids, key)).status_code != 400}

    assert allowed == {}
    assert left(fuzzed, key) == before


def test_a_batch_about_others_is_another_command(world: World) -> None:
    some, others, headers = world.make(), world.make(), {"Gesta-Command-Id": str(uuid4())}

    bodies: list[Any] = [{"suspended": True, "processInstanceIds": [ids["process-instance"]]} for ids in (some, some, others)]
    answers = [world.session.post(f"{world.base}/process-instance/suspended-async", json=body, headers=headers) for body in bodies]

    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert answers[0].json()["id"] == answers[1].json()["id"]
