"""Camunda's Java client."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from tests.acceptance.clients.engine import Engine
from tests.acceptance.clients.values import EVERY_CLIENT, ORDER, TEXT, date, integer, json_object, octets, text, variable
from tests.acceptance.clients.working import Worker

ORDER_CLASS = "gesta.clients.Order"
ORDER_SEEN = {"customer": "Ada", "pieces": 3, "notes": ["fragile"]}
ORDER_IN_XML = "<order><customer>Ada</customer><pieces>3</pieces><notes>fragile</notes></order>"
MAP_CLASS = "java.util.LinkedHashMap<java.lang.Object,java.lang.Object>"
GIVEN = {
    **EVERY_CLIENT,
    "aList": json_object('["a","b"]', "java.util.ArrayList<java.lang.String>"),
    "aLong": variable("Long", 2**63 - 1),
    "aMap": json_object('{"a":{"b":1}}', MAP_CLASS),
    "anOrder": json_object(ORDER, ORDER_CLASS),
    "anOrderInXml": variable("Object", ORDER_IN_XML, objectTypeName=ORDER_CLASS, serializationDataFormat="application/xml"),
    "anUnsetOrder": json_object(None, ORDER_CLASS),
}


def seen(name: str, type: str, java_class: str | None, value: Any) -> dict[str, Any]:
    return {"saw": "variable", "name": name, "type": type, "class": java_class, "value": value}


SEEN = [
    seen("aBoolean", "boolean", "java.lang.Boolean", True),
    seen("aBytes", "bytes", "[B", b64encode(bytes(range(256))).decode()),
    seen("aDate", "date", "java.util.Date", "2026-03-29T01:30:00.123Z"),
    seen("aDouble", "double", "java.lang.Double", 7.0),
    seen("aJson", "json", "java.lang.String", EVERY_CLIENT["aJson"]["value"]),
    seen("aList", "object", "java.util.ArrayList", ["a", "b"]),
    seen("aLong", "long", "java.lang.Long", 2**63 - 1),
    seen("aMap", "object", "java.util.LinkedHashMap", {"a": {"b": 1}}),
    seen("aNull", "null", None, None),
    seen("aShort", "short", "java.lang.Short", -(2**15)),
    seen("aText", "string", "java.lang.String", TEXT),
    seen("aXml", "xml", "java.lang.String", EVERY_CLIENT["aXml"]["value"]),
    seen("anEmptyText", "string", "java.lang.String", ""),
    seen("anInteger", "integer", "java.lang.Integer", 2**31 - 1),
    seen("anOrder", "object", ORDER_CLASS, ORDER_SEEN),
    seen("anOrderInXml", "object", ORDER_CLASS, ORDER_SEEN),
    seen("anUnsetDate", "date", None, None),
    seen("anUnsetNumber", "integer", None, None),
    seen("anUnsetOrder", "object", None, None),
    seen("anUnsetText", "string", None, None),
    seen("here", "string", "java.lang.String", "the model"),
    seen("own", "long", "java.lang.Long", 2),
]
MADE = {
    "madeBoolean": variable("Boolean", False),
    "madeBytes": octets(b"\x00\xff\x7f"),
    "madeDate": date("1970-01-01T00:00:00+00:00"),
    "madeDouble": variable("Double", 1e300),
    "madeInteger": integer(-(2**31)),
    "madeJson": variable("Json", '{"a" : [1, 2]}'),
    "madeList": json_object('["a","b"]', "java.util.ArrayList<java.lang.String>"),
    "madeLong": variable("Long", -(2**63)),
    "madeMap": json_object('{"a":1}', MAP_CLASS),
    "madeNull": variable("Null", None),
    "madeOrder": json_object('{"customer":"Ada","pieces":3,"notes":["fragile","ünïcödé \\"quoted\\""]}', ORDER_CLASS),
    "madeShort": variable("Short", -(2**15)),
    "madeText": text("text"),
    "madeXml": variable("Xml", "<a b='c'/>"),
}


def test_variables_of_every_type_come_and_go(java: Worker, engine: Engine) -> None:
    instance = engine.begin("java-variables", GIVEN)

    saw = java.run("variables", "java-variables")

    # How an object looks in XML is the JDK's choice: the worker tells what it sent.
    in_xml = {line["name"]: {**GIVEN["anOrderInXml"], "value": line["text"]} for line in saw[len(SEEN) :]}
    assert saw[: len(SEEN)] == SEEN
    assert sorted(in_xml) == ["anOrderInXmlBack", "madeOrderInXml"]
    assert engine.variables(instance) == {
        **GIVEN,
        **{f"{name}Back": value for name, value in GIVEN.items()},
        **MADE,
        **in_xml,
        "ownBack": variable("Long", 2),
        "hereBack": text("the model"),
        "kept": text("known to the task alone"),
        "progress": integer(50),
    }


def test_local_variables_are_all_that_a_local_subscription_shows(java: Worker, engine: Engine) -> None:
    instance = engine.begin("java-local", {"amount": integer(3)})

    saw = java.run("local", "java-local")

    shown = {"businessKey": None, "priority": 7, "properties": {}, "variables": {"own": 2, "here": "the model"}}
    assert saw == [{"saw": "task", "id": engine.task(instance), "activity": "work", **shown}]


def test_lock_is_extended_given_up_and_taken_again(java: Worker, engine: Engine) -> None:
    instance = engine.begin("java-locks")

    java.run("locks", "java-locks")

    assert engine.work_on(engine.task(instance)) == [
        ("ExternalTaskLocked", {"workerId": "java", "lockDuration": 40_000, "lockedFor": 40_000}),
        ("ExternalTaskLockExtended", {"workerId": "java", "newDuration": 120_000, "lockedFor": 120_000}),
        ("ExternalTaskUnlocked", {}),
        ("ExternalTaskLocked", {"workerId": "java", "lockDuration": 90_000, "lockedFor": 90_000}),
        ("ExternalTaskCompleted", {"workerId": "java", "variables": {}, "localVariables": {}}),
    ]


def test_files_come_from_every_scope_and_go(java: Worker, engine: Engine) -> None:
    """The client asks for the files of a task by the id of its execution."""
    instance, content = engine.begin("java-files"), bytes(range(256)) * 1000
    execution = engine.execution(instance)
    engine.upload(f"/process-instance/{instance}/variables/document/data", "Übersicht A.png", content, "image/png")
    engine.upload(f"/execution/{execution}/localVariables/notes/data", "notes.txt", b"caf\xe9", "text/plain; encoding=ISO-8859-1")

    saw = java.run("files", "java-files")

    document = {"filename": "Übersicht A.png", "mimeType": "image/png", "encoding": None, "content": b64encode(content).decode()}
    notes = {"filename": "notes.txt", "mimeType": "text/plain", "encoding": "ISO-8859-1", "content": b64encode(b"caf\xe9").decode()}
    report = {"filename": "répört 1.txt", "mimeType": "text/plain", "encoding": "UTF-8"}
    assert saw == [{"saw": "file", "name": "document", **document}, {"saw": "file", "name": "notes", **notes}]
    assert engine.variables(instance)["report"] == variable("File", None, **report)
    assert engine.download(instance, "report") == ("text/plain; charset=UTF-8", "grüße\n".encode())


def test_refusals_are_told_by_exceptions(java: Worker, engine: Engine) -> None:
    task = engine.task(engine.begin("java-refusals"))

    saw = java.run("refusals", "java-refusals")

    refused = f"External Task {task} cannot be completed by worker 'java'. It is locked by worker 'null'."
    assert [tuple(line.values()) for line in saw] == [
        ("refusal", "NotFoundException", 404, "RestException", 0, "External task with id 4711 does not exist"),
        ("refusal", "EngineException", 500, "ProcessEngineException", 0, "retries is not greater than or equal to 0"),
        ("refusal", "BadRequestException", 400, "RestException", 0, "lockTime is not greater than 0"),
        ("refusal", "BadRequestException", 400, "RestException", 0, refused),
    ]
