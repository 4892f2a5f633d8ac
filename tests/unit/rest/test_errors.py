"""Refusals and HTTP errors as answers."""

import pytest

from api.rest.errors import WRAPPED, Mapped, RestError, from_refusal, http_error
from domain.parsing.model_refused import ModelRefused
from domain.parsing.problem import Problem
from domain.refusals import ExecutionFailed, MissingValue, NotFound, NotOwner, Refusal, Rejected, Suspended


@pytest.mark.parametrize(
    ("refusal", "status", "kind"),
    [
        (NotFound("m"), 404, "RestException"),
        (NotOwner("m"), 400, "RestException"),
        (Rejected("m"), 400, "RestException"),
        (Suspended("m"), 400, "RestException"),
        (MissingValue("m"), 500, "NullValueException"),
        (ExecutionFailed("m"), 500, "ProcessEngineException"),
        (ExecutionFailed("m", "ScriptEvaluationException"), 500, "ScriptEvaluationException"),
        (Refusal("m"), 500, "ProcessEngineException"),
    ],
)
def test_every_refusal_has_an_answer(refusal: Refusal, status: int, kind: str) -> None:
    error = from_refusal(refusal)
    assert (error.status, error.body) == (status, {"type": kind, "message": "m", "code": 0})


def test_an_endpoint_may_wrap_all() -> None:
    for refusal in (NotFound("m"), ExecutionFailed("m", "ScriptEvaluationException"), Suspended("m")):
        error = from_refusal(refusal, prefix="Cannot put: ", table=WRAPPED)
        assert (error.status, error.type, error.message, error.code) == (500, "RestException", "Cannot put: m", 0)


@pytest.mark.parametrize("kind", ["ClassCastException", "NullPointerException", "NumberFormatException"])
def test_exceptions_of_java_itself_are_never_wrapped_and_have_no_code(kind: str) -> None:
    error = from_refusal(ExecutionFailed("m", kind), prefix="Cannot put: ", table=WRAPPED)
    assert (error.status, error.body) == (500, {"type": kind, "message": "m", "code": None})


def test_an_endpoint_may_override_one() -> None:
    table: dict[type[Refusal], Mapped] = {NotFound: Mapped(400, "InvalidRequestException")}
    assert from_refusal(NotFound("m"), table=table).status == 400
    assert from_refusal(MissingValue("m"), table=table).type == "NullValueException"


def test_a_refused_model_has_details() -> None:
    refusal = ModelRefused("a.bpmn", (Problem("bad", 3, 4, "x", ("x", "y")),), (Problem("odd"),))
    error = from_refusal(refusal)
    assert (error.status, error.type) == (400, "ParseException")
    assert error.body["details"] == {
        "a.bpmn": {
            "errors": [{"message": "bad", "line": 3, "column": 4, "mainElementId": "x", "\u0435lementIds": ["x", "y"]}],
            "warnings": [{"message": "odd", "line": 0, "column": 0, "mainElementId": None, "\u0435lementIds": []}],
        }
    }


def test_http_errors_are_named_as_in_java() -> None:
    assert http_error(404).body == {"type": "NotFoundException", "message": "HTTP 404 Not Found", "code": None}
    assert http_error(405).type == "NotAllowedException"
    assert http_error(415).message == "HTTP 415 Unsupported Media Type"


def test_prefixes() -> None:
    bad_value = RestError(400, "RestException", "m")
    assert bad_value.prefixed("") is bad_value
    assert (bad_value.prefixed("P: ").type, bad_value.prefixed("P: ").message) == ("InvalidRequestException", "P: m")
    assert RestError(500, "ProcessEngineException", "m", 0).prefixed("P: ").type == "RestException"
    assert RestError(500, "IllegalArgumentException", "m").prefixed("P: ").message == "m"
