"""The hot routes are held to the models that describe them: they read what those say, and answer as those say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from api.rest.error_dto import ExceptionDto
from api.rest.hot import HOT
from api.rest.hot_dtos import (
    FetchExternalTasksDto,
    FetchExternalTaskTopicDto,
    FetchSortingDto,
    LockedExternalTaskDto,
    ProcessInstanceWithVariablesDto,
)
from api.rest.middleware import CRASH
from tests.unit.rest.hot_routes import COMPLETE, FAILURE, FETCH, REQUESTS, START, Asked, application, ask, example, strictly


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return application()


def parts() -> Iterator[tuple[str, dict[str, Any], dict[str, Any], str]]:
    """For every property of a hot request: path, the whole body, the object in it that has the property, and its name."""
    for path, model in REQUESTS.items():
        for name in example(model):
            body = example(model)
            yield path, body, body, name
    for nested, model in (("topics", FetchExternalTaskTopicDto), ("sorting", FetchSortingDto)):
        for name in example(model):
            body = example(FetchExternalTasksDto) | {nested: [example(model)]}
            yield FETCH, body, body[nested][0], name


@pytest.mark.parametrize(("path", "body", "part", "name"), [*parts()], ids=lambda value: value if isinstance(value, str) else "")
def test_every_described_property_is_read(app: FastAPI, path: str, body: dict[str, Any], part: dict[str, Any], name: str) -> None:
    whole = ask(app, path, body)
    assert whole.status < 300

    del part[name]

    assert ask(app, path, body) != whole


WORKER = {"workerId": "w"}
TOPIC = {"topicName": "t", "lockDuration": 1}
NO_OBJECTS: tuple[Any, ...] = ([], "x", 7, {"a": 1}, {"a": None}, {"a": []})
ENTRIES: tuple[dict[str, Any], ...] = (
    {},
    {"value": 1},
    {"value": 1, "type": "long"},
    {"value": [1], "type": "String"},
    {"valueInfo": []},
    {"x": 1},
)


def each(path: str, base: dict[str, Any], name: str, *values: Any) -> list[tuple[str, Any]]:
    """Bodies that differ in one property."""
    return [(path, base | {name: value}) for value in values]


def each_topic(name: str, *values: Any) -> list[tuple[str, Any]]:
    """Fetches of one topic that differ in one of its properties."""
    return each(FETCH, WORKER, "topics", *([TOPIC | {name: value}] for value in values))


BODIES: tuple[Any, ...] = ({}, [], "x", WORKER | {"unknown": 1})
ODD = [
    *((path, body) for path in (FETCH, COMPLETE, FAILURE, START) for body in BODIES),
    *(found for path in (FETCH, COMPLETE, FAILURE) for found in each(path, {}, "workerId", "", 7, 7.5, True, None, [], {})),
    *each(FAILURE, WORKER, "retries", 2, "2", " 2 ", "", 1.5, "1.5", -1, True, None, [], 2**31),
    *each(FAILURE, WORKER, "retryTimeout", 2**31, 2**63, "7", 7.9, -1, False, None, {}),
    *(found for name in ("errorMessage", "errorDetails") for found in each(FAILURE, WORKER, name, "", "a", 1, 1.5, False, None, [], {})),
    *(found for path in (COMPLETE, FAILURE, START) for found in each(path, WORKER, "variables", None, {}, *NO_OBJECTS)),
    *(found for path in (COMPLETE, FAILURE) for found in each(path, WORKER, "localVariables", None, {}, *NO_OBJECTS)),
    *each(COMPLETE, WORKER, "variables", *({"a": entry} for entry in ENTRIES)),
    *each(START, {}, "businessKey", "", "k", 7, True, None, [], {}),
    *each(START, {}, "withVariablesInReturn", True, False, None, "true", "TRUE", "yes", 1, 0, 1.5, [], {}),
    *each(START, {}, "startInstructions", None, [], [None], [{}], {}, "x", [7]),
    *each(FETCH, WORKER, "maxTasks", 0, 1, "1", 1.5, -1, None, True, {}, 2**31),
    *each(FETCH, WORKER, "usePriority", True, "true", "no", None, 1, []),
    *each(FETCH, WORKER, "asyncResponseTimeout", 0, -1, "5", 1_800_000, 1_800_001, None, []),
    *each(FETCH, WORKER, "topics", None, [], [None], {}, "x", [7], [TOPIC, None], [{}]),
    *each(FETCH, WORKER, "sorting", None, [], [None], {}, [{}], [7]),
    *each(FETCH, WORKER, "sorting", *([{"sortBy": by, "sortOrder": "asc"}] for by in ("createTime", "priority", "", None, 7))),
    *each(FETCH, WORKER, "sorting", *([{"sortBy": "createTime", "sortOrder": order}] for order in ("desc", "DESC", "", None))),
    *each_topic("topicName", "", 7, None, {}),
    *each_topic("lockDuration", 1, 2**40, "9", 0, -1, None, 1.9, 0.5, True),
    *each_topic("variables", None, [], ["a", None, 7], "a", [[]]),
    *each_topic("localVariables", True, "false", 0, None, "x"),
    *each_topic("tenantIdIn", None, [], [None], ["a", 7], {}, "a"),
    *each_topic("processVariables", None, {}, [], {"a": None, "b": 1.5}, {"a": True}, {"a": []}, {"a": {}}),
]


def described(path: str, body: Any) -> Any:
    """The body as its model reads it, with all defaults written out; None when the model refuses it."""
    try:
        return REQUESTS[path].model_validate(body).model_dump(by_alias=True)
    except ValidationError:
        return None


@pytest.mark.parametrize(("path", "body"), ODD, ids=str)
def test_a_route_takes_what_its_model_takes_and_reads_the_same(app: FastAPI, path: str, body: Any) -> None:
    asked, read = ask(app, path, body), described(path, body)

    if read is None:
        assert asked.status in (400, 500) and asked.kept is None
        assert asked.answer != CRASH.body
        strictly(ExceptionDto, asked.answer)
    else:
        assert asked == ask(app, path, read)
        assert asked.status < 300


def answered(app: FastAPI, path: str, **changes: Any) -> Asked:
    return ask(app, path, example(REQUESTS[path]) | changes)


def test_locked_tasks_are_as_described(app: FastAPI) -> None:
    (task,) = answered(app, FETCH).answer

    strictly(LockedExternalTaskDto, task)


@pytest.mark.parametrize("path", [path for path in HOT if path.endswith("/start")])
def test_a_started_instance_is_as_described(app: FastAPI, path: str) -> None:
    with_variables, without = answered(app, path).answer, answered(app, path, withVariablesInReturn=False).answer

    strictly(ProcessInstanceWithVariablesDto, with_variables)
    strictly(ProcessInstanceWithVariablesDto, without)
    assert with_variables.keys() - without.keys() == {"variables"}


@pytest.mark.parametrize("path", [COMPLETE, FAILURE])
def test_a_report_is_answered_with_nothing(app: FastAPI, path: str) -> None:
    asked = answered(app, path)

    assert (asked.status, asked.answer) == (204, None)
