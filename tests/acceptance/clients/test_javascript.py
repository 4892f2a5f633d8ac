"""Camunda's JavaScript client."""

from __future__ import annotations

from base64 import b64encode

from tests.acceptance.clients.engine import Engine
from tests.acceptance.clients.values import EVERY_CLIENT, ORDER, date, integer, json_object, octets, text, variable
from tests.acceptance.clients.working import Worker

GIVEN = {
    **EVERY_CLIENT,
    "aLong": variable("Long", 2**53 - 1),
    "anOrder": json_object(ORDER, "gesta.clients.Order"),
}
INPUTS = {"here": text("the model"), "own": variable("Long", 2)}
READ = {
    "aDate": "2026-03-29T01:30:00.123Z",
    "aJson": {"b": [1, 2, None], "a": "é"},
    "anUnsetDate": "1970-01-01T00:00:00.000Z",
}
"""What the client makes of values that have no form of their own in JSON. (It takes a date that is not set for the number 0.)"""
BACK = {
    "aJsonBack": variable("Json", '{"b":[1,2,null],"a":"é"}'),
    "anUnsetDateBack": date("1970-01-01T00:00:00+00:00"),
}
"""What it sends back otherwise than it came."""
MADE = {
    "madeBoolean": variable("Boolean", False),
    "madeBytes": octets(b"\x00\xff\x7f"),
    "madeDate": date("1970-01-01T00:00:00+00:00"),
    "madeDouble": variable("Double", 0.1),
    "madeInteger": integer(-(2**31)),
    "madeJson": variable("Json", '{"a":[1,"ünïcödé \\"quoted\\""]}'),
    "madeLong": variable("Long", -(2**53) + 1),
    "madeNull": variable("Null", None),
    "madeShort": variable("Short", -(2**15)),
    "madeText": text("text"),
    "madeXml": variable("Xml", "<a b='c'/>"),
}


def test_variables_of_every_type_come_and_go(javascript: Worker, engine: Engine) -> None:
    instance = engine.begin("javascript-variables", GIVEN)

    saw = javascript.run("variables", "javascript-variables")

    assert saw == [
        {
            "saw": "variable",
            "name": name,
            "type": given["type"].lower(),
            "value": READ.get(name, given["value"]),
            "valueInfo": given["valueInfo"],
        }
        for name, given in sorted({**GIVEN, **INPUTS}.items())
    ]
    assert engine.variables(instance) == {
        **GIVEN,
        **{f"{name}Back": value for name, value in {**GIVEN, **INPUTS}.items()},
        **BACK,
        **MADE,
        "kept": text("known to the task alone"),
    }


def test_local_variables_are_all_that_a_local_subscription_shows(javascript: Worker, engine: Engine) -> None:
    instance = engine.begin("javascript-local", {"amount": integer(3)})

    saw = javascript.run("local", "javascript-local")

    shown = {"businessKey": None, "priority": 7, "properties": {}, "variables": {"own": 2, "here": "the model"}}
    assert saw == [{"saw": "task", "id": engine.task(instance), "activity": "work", **shown}]


def test_lock_is_extended_given_up_and_taken_again(javascript: Worker, engine: Engine) -> None:
    instance = engine.begin("javascript-locks")

    javascript.run("locks", "javascript-locks")

    assert engine.work_on(engine.task(instance)) == [
        ("ExternalTaskLocked", {"workerId": "javascript", "lockDuration": 40_000, "lockedFor": 40_000}),
        ("ExternalTaskLockExtended", {"workerId": "javascript", "newDuration": 120_000, "lockedFor": 120_000}),
        ("ExternalTaskUnlocked", {}),
        ("ExternalTaskLocked", {"workerId": "javascript", "lockDuration": 90_000, "lockedFor": 90_000}),
        ("ExternalTaskCompleted", {"workerId": "javascript", "variables": {}, "localVariables": {}}),
    ]


def test_files_of_the_instance_come_and_go(javascript: Worker, engine: Engine) -> None:
    """The client asks for files by the id of the instance. A file's media type it sends under a name that the server does not know."""
    instance, content = engine.begin("javascript-files"), bytes(range(256)) * 1000
    engine.upload(f"/process-instance/{instance}/variables/document/data", "Übersicht A.txt", content, "text/plain; encoding=UTF-8")

    saw = javascript.run("files", "javascript-files")

    document = {"filename": "Übersicht A.txt", "mimeType": "text/plain", "encoding": "UTF-8", "content": b64encode(content).decode()}
    assert saw == [{"saw": "file", "name": "document", **document}]
    assert engine.variables(instance)["report"] == variable("File", None, filename="répört 1.txt", encoding="UTF-8")
    assert engine.download(instance, "report") == ("application/octet-stream; charset=UTF-8", "grüße\n".encode())


def test_refusals_are_told_by_engine_errors(javascript: Worker, engine: Engine) -> None:
    task = engine.task(engine.begin("javascript-refusals"))

    saw = javascript.run("refusals", "javascript-refusals")

    refused = f"External Task {task} cannot be completed by worker 'javascript'. It is locked by worker 'null'."
    assert [tuple(line.values()) for line in saw] == [
        ("refusal", "EngineError", 404, "RestException", 0, "External task with id 4711 does not exist"),
        ("refusal", "EngineError", 500, "ProcessEngineException", 0, "retries is not greater than or equal to 0"),
        ("refusal", "EngineError", 400, "RestException", 0, "lockTime is not greater than 0"),
        ("refusal", "EngineError", 400, "RestException", 0, refused),
    ]
