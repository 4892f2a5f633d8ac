"""Addresses and query strings that try to mean something else."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.acceptance.bad_input.target import UNKNOWN, Target, refusal
from tests.acceptance.bad_input.wire import head

NOWHERE = (404, "NotFoundException", "HTTP 404 Not Found")

NOWHERE_PATHS = [
    "/",
    "/engine-rest",
    "/engine-rest/",
    "//engine-rest/version",
    "/engine-rest//version",
    "/engine-rest/version//",
    "/engine-rest/./version",
    "/engine-rest/../engine-rest/version",
    "/engine-rest/%2e%2e/engine-rest/version",
    "/engine-rest/external-task/%2e%2e/version",
    "/engine-rest/external-task/a%2Fb",
    "/engine-rest/external-task/..%2f..%2fetc%2fpasswd",
    "/engine-rest/external-task/a%2F..%2Fcount",
    "/engine-rest/version%20",
    "/engine-rest/VERSION",
    "/engine-rest/engine/default//version",
    "/engine-rest/engine/default/engine/default/version",
    "/gesta",
    "/gesta/process-instance",
    "*",
]


@pytest.mark.parametrize("path", NOWHERE_PATHS)
def test_paths_that_lead_nowhere(target: Target, path: str) -> None:
    assert refusal(target.send(head("GET", path))) == NOWHERE


@pytest.mark.parametrize(
    "path",
    [
        "/engine-rest/version/",
        "/engine-rest/version;a=b",
        "/engine-rest;a/version;b=c;d",
        "/engine-rest/engine/default/version",
        "/engine-rest/engine/default;x=y/version",
        "/engine-rest/engine/other/version",
        "/engine-rest/%76ersion",
        "/engine-rest/version?a=b&a=c&&&=;",
        "/engine-rest/version#fragment",
    ],
)
def test_other_ways_to_write_the_same(target: Target, path: str) -> None:
    answer = target.send(head("GET", path))

    assert (answer.status, answer.body) == (200, {"version": "7.24.0"})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("..", ".."),
        ("%2500", "%00"),
        ("%", "%"),
        ("%zz", "%zz"),
        ("%252F", "%2F"),
        ("a;b=c", "a"),
        ("a%3Bb", "a;b"),
        ("count%3Fa=b", "count?a=b"),
        ("a%0D%0Ab", "a\r\nb"),
    ],
)
def test_ids_are_read_once(target: Target, written: str, read: str) -> None:
    answer = target.ask("GET", f"/external-task/{written}")

    assert refusal(answer) == (404, "RestException", f"External task with id {read} does not exist")


def test_another_engine_is_not_there(target: Target) -> None:
    assert refusal(target.ask("GET", "/engine/other/external-task")) == (400, "InvalidRequestException", "No process engine available")


@pytest.mark.parametrize("query", ["unknown=x", "workerId=owner&workerId=another", "&&&", "=", "a", "%ff=%ff", "maxResults=1&maxResults=x"])
def test_parameters_that_say_nothing(target: Target, query: str) -> None:
    answer = target.ask("GET", f"/external-task?{query}&processInstanceId={target.instance}")

    assert [task["id"] for task in answer.body] == [target.task]


QUERIES = [
    ("maxResults=x", (404, "QueryParamException", "HTTP 404 Not Found")),
    ("firstResult=99999999999999999999", (404, "QueryParamException", "HTTP 404 Not Found")),
    (
        "active=perhaps",
        "Cannot set query parameter 'active' to value 'perhaps': Cannot convert value perhaps to java type java.lang.Boolean",
    ),
    (
        "priorityHigherThanOrEquals=1e999",
        "Cannot set query parameter 'priorityHigherThanOrEquals' to value '1e999': Cannot convert value 1e999 to java type java.lang.Long",
    ),
    (
        "lockExpirationBefore=yesterday",
        "Cannot set query parameter 'lockExpirationBefore' to value 'yesterday': "
        'Cannot convert value "yesterday" to java type java.util.Date',
    ),
    ("sortBy=id", "Only a single sorting parameter specified. sortBy and sortOrder required"),
    ("sortBy=id;DROP&sortOrder=asc", "Cannot set query parameter 'sortBy' to value 'id;DROP'"),
    (
        "processVariables=a_b",
        "Cannot set query parameter 'processVariables' to value 'a_b': variable query parameter has to have format KEY_OPERATOR_VALUE.",
    ),
    ("processVariables=a_is_b", "Invalid process variable comparator specified: is"),
    ("processVariables=" + ",".join(["a_eq_b"] * 101), "processVariables: at most 100 conditions are allowed, not 101"),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES, ids=[query[:60] for query, _ in QUERIES])
def test_parameters_that_cannot_be_read(target: Target, query: str, expected: str | tuple[int, str, str]) -> None:
    answer = target.ask("GET", f"/external-task?{query}")

    assert refusal(answer) == (expected if isinstance(expected, tuple) else (400, "InvalidRequestException", expected))


@pytest.mark.parametrize("query", ["fact=x", "at=now", "fact=1&at=2015-10-06T16:34:42.000%2B0200", "fact=99999999999999999999", "fact=0"])
def test_moments_that_cannot_be_read(target: Target, query: str) -> None:
    answer = target.send(head("GET", f"/gesta/process-instance/{target.instance}?{query}"))

    assert refusal(answer)[:2] in [(400, "InvalidRequestException"), (404, "InvalidRequestException")]


def test_a_name_is_not_a_folder(target: Target) -> None:
    name = quote("../../../../etc/passwd", safe="")

    assert refusal(target.ask("GET", f"/process-instance/{target.instance}/variables/{name}"))[0] == 404
    assert refusal(target.ask("GET", f"/deployment/{UNKNOWN}/resources/{name}/data"))[0] in (404, 500)
