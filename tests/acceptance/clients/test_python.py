"""A community's Python client. It knows neither locks nor local subscriptions; the types of values it mostly leaves to the server."""

from __future__ import annotations

from base64 import encodebytes

from tests.acceptance.clients.engine import Engine
from tests.acceptance.clients.values import EVERY_CLIENT, ORDER, integer, json_object, text, variable
from tests.acceptance.clients.working import Worker

MAP_CLASS = "java.util.LinkedHashMap"
TYPED = {**EVERY_CLIENT, "aLong": variable("Long", 2**63 - 1)}
GIVEN = {**TYPED, "anOrder": json_object(ORDER, "gesta.clients.Order")}
INPUTS = {"here": text("the model"), "own": variable("Long", 2)}
ORDER_SEEN = {"customer": "Ada", "pieces": 3, "notes": ["fragile"]}
BARE = {
    "aBoolean": variable("Boolean", True),
    "aBytes": text(EVERY_CLIENT["aBytes"]["value"]),
    "aDate": text(EVERY_CLIENT["aDate"]["value"]),
    "aDouble": variable("Double", 7.0),
    "aJson": text(EVERY_CLIENT["aJson"]["value"]),
    "aLong": variable("Long", 2**63 - 1),
    "aNull": variable("Null", None),
    "aShort": integer(-(2**15)),
    "aText": EVERY_CLIENT["aText"],
    "aXml": text(EVERY_CLIENT["aXml"]["value"]),
    "anEmptyText": text(""),
    "anInteger": integer(2**31 - 1),
    "anOrder": json_object(ORDER, MAP_CLASS),
    "anUnsetDate": variable("Null", None),
    "anUnsetNumber": variable("Null", None),
    "anUnsetText": variable("Null", None),
    "here": text("the model"),
    "own": integer(2),
}
"""What becomes of values whose types the client leaves out."""
MADE = {
    "madeBig": json_object(str(2**63), "java.math.BigInteger"),
    "madeFloat": variable("Double", 1e300),
    "madeNested": json_object('{"list":[1,2.5,null,true,"ünïcödé \\"quoted\\""],"empty":{}}', MAP_CLASS),
}


def test_variables_of_every_type_come_and_go(python: Worker, engine: Engine) -> None:
    instance = engine.begin("python-variables", GIVEN)

    saw = python.run("variables", "python-variables")

    shown = {**GIVEN, **INPUTS, "anOrder": {**GIVEN["anOrder"], "value": ORDER_SEEN}}
    assert saw == [{"saw": "variable", "name": name, **value} for name, value in sorted(shown.items())]
    assert engine.variables(instance) == {
        **GIVEN,
        **{f"{name}Back": value for name, value in {**TYPED, **INPUTS}.items()},
        **{f"{name}Bare": value for name, value in BARE.items()},
        **MADE,
        "kept": text("known to the task alone"),
    }


def test_files_of_the_instance_come_and_go(python: Worker, engine: Engine) -> None:
    instance, content = engine.begin("python-files"), bytes(range(256)) * 1000
    engine.upload(f"/process-instance/{instance}/variables/document/data", "Übersicht A.png", content, "image/png")

    saw = python.run("files", "python-files")

    info = {"filename": "Übersicht A.png", "mimeType": "image/png"}
    report = {"filename": "répört 1.txt", "mimeType": "text/plain", "encoding": "UTF-8"}
    assert saw == [{"saw": "file", **variable("File", encodebytes(content).decode(), **info)}]
    assert engine.variables(instance)["report"] == variable("File", None, **report)
    assert engine.download(instance, "report") == ("text/plain; charset=UTF-8", "grüße\n".encode())


def test_refusals_are_told_by_exceptions(python: Worker, engine: Engine) -> None:
    task = engine.task(engine.begin("python-refusals"))

    saw = python.run("refusals", "python-refusals")

    refused = f"External Task {task} cannot be completed by worker 'stranger'. It is locked by worker 'python'."
    assert saw == [
        {"saw": "refusal", "message": "received 404 : RestException : External task with id 4711 does not exist"},
        {"saw": "refusal", "message": "received 500 : ProcessEngineException : retries is not greater than or equal to 0"},
        {"saw": "refusal", "message": f"received 400 : RestException : {refused}"},
    ]


def test_processes_are_started_by_key_and_by_version_tag_and_found_by_their_variables(python: Worker, engine: Engine) -> None:
    engine.deploy("python-processes")

    saw = python.run("processes", "python-processes")

    first, second = (line["id"] for line in saw[:2])
    assert saw == [
        {"saw": "started", "id": first, "key": "python-processes", "businessKey": "order-7"},
        {"saw": "started", "id": second, "key": "python-processes", "businessKey": None},
        {"saw": "found", "ids": [first]},
    ]
    assert [engine.variables(instance) for instance in (first, second)] == [
        {"customer": text("Ada"), "pieces": integer(3)},
        {"customer": text("Eve"), "pieces": integer(3)},
    ]
