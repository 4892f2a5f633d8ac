"""Every operation of the description, with requests as described and such that are not: answers are as described, and never a crash."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

from tests.acceptance.fuzz.fuzzing import Operation, fuzz
from tests.acceptance.fuzz.world import World, known
from tests.server import RunningServer

COMMANDS_THAT_FIT = {
    "completeExternalTaskResource": 204,
    "handleFailure": 204,
    "extendLock": 204,
    "lock": 204,
    "unlock": 204,
    "setExternalTaskResourceRetries": 204,
    "setExternalTaskResourcePriority": 204,
    "startProcessInstanceByKey": 200,
    "startProcessInstance": 200,
    "fetchAndLock": 200,
    "setProcessInstanceVariable": 204,
    "setJobRetries": 204,
}
"""Their documented examples can be sent as they are."""


def test_no_answer_differs_from_the_description(
    operations: list[Operation], world: World, fuzzed: RunningServer, profile: settings
) -> None:
    reads, commands = [o for o in operations if o.method == "get"], [o for o in operations if o.method != "get"]
    ids = world.make()

    faults = [fuzz(operation, fuzzed.address, world.session, ids, profile) for operation in reads]
    faults += [fuzz(operation, fuzzed.address, world.session, world.make(), profile) for operation in commands]

    assert len(faults) > 150
    assert [fault for fault in faults if fault is not None] == []


def test_what_exists_is_found_by_its_id(operations: list[Operation], world: World, fuzzed: RunningServer) -> None:
    ids = world.make()
    single = [o for o in operations if o.method == "get" and o.path.endswith("{id}")]

    statuses = {o.path: world.session.get(fuzzed.address + o.path.format(**known(o.path, ids))).status_code for o in single}

    assert len(statuses) > 10
    assert statuses == dict.fromkeys(statuses, 200)


def test_documented_examples_of_commands_can_be_carried_out(operations: list[Operation], world: World, fuzzed: RunningServer) -> None:
    by_name: dict[str, Operation] = {operation.definition.raw["operationId"]: operation for operation in operations}

    statuses = {name: _send_example(by_name[name], world, fuzzed.address) for name in COMMANDS_THAT_FIT}

    assert statuses == COMMANDS_THAT_FIT


def _send_example(operation: Operation, world: World, address: str) -> int:
    body: dict[str, Any] = operation.definition.raw.get("requestBody", {}).get("content", {}).get("application/json", {})
    place = operation.path.format(**known(operation.path, world.make()))
    return world.session.request(operation.method, address + place, json=body.get("example")).status_code
