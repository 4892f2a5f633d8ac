"""Errors as the REST contract §2 writes them: `{"type", "message", "code"}` and a status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.rest.answers import JsonResponse
from domain.parsing.model_refused import MOST_TOLD, ModelRefused
from domain.parsing.problem import Problem
from domain.refusals import ExecutionFailed, MissingValue, NotFound, NotOwner, NotValid, Refusal, Rejected, Suspended


class RestError(Exception):
    """An answer that is no success. `code` is a number only where an engine error is behind it."""

    def __init__(self, status: int, type: str, message: str, code: int | None = None, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.type, self.message, self.code, self.extra = status, type, message, code, dict(extra or {})

    @property
    def body(self) -> dict[str, Any]:
        return {"type": self.type, "message": self.message, "code": self.code, **self.extra}

    def prefixed(self, prefix: str) -> RestError:
        """Return the error as an endpoint wraps it: a bad value stays 400, an engine error becomes a RestException."""
        if not prefix or (self.code is None and self.status != 400):
            return self
        kind = "InvalidRequestException" if self.code is None else "RestException"
        return RestError(self.status, kind, prefix + self.message, self.code, self.extra)


def invalid_request(message: str, status: int = 400, code: int | None = None) -> RestError:
    """Malformed input, or with 404 an unknown resource."""
    return RestError(status, "InvalidRequestException", message, code)


def not_found(message: str) -> RestError:
    """An unknown resource, as most resources say it."""
    return invalid_request(message, 404)


def rest_exception(message: str, status: int, code: int | None = 0) -> RestError:
    """An engine error as the REST layer wraps it."""
    return RestError(status, "RestException", message, code)


def null_value(message: str) -> RestError:
    """A missing argument."""
    return RestError(500, "NullValueException", message, 0)


def engine_error(message: str, type: str = "ProcessEngineException") -> RestError:
    """A failure inside the engine."""
    return RestError(500, type, message, 0)


class Mapped(NamedTuple):
    """What a class of refusals answers."""

    status: int
    type: str


TABLE: Mapping[type[Refusal], Mapped] = {
    NotFound: Mapped(404, "RestException"),
    NotOwner: Mapped(400, "RestException"),
    Rejected: Mapped(400, "RestException"),
    Suspended: Mapped(400, "RestException"),
    NotValid: Mapped(400, "NotValidException"),
    MissingValue: Mapped(500, "NullValueException"),
    ExecutionFailed: Mapped(500, "ProcessEngineException"),
    ModelRefused: Mapped(400, "ParseException"),
}
BARE = frozenset(("ClassCastException", "IllegalArgumentException", "NullPointerException", "NumberFormatException"))
"""Java's own exceptions, which no layer of Camunda wraps: they keep their type and text, and have no code (BPMN page §7)."""
WRAPPED: Mapping[type[Refusal], Mapped] = {Refusal: Mapped(500, "RestException")}
"""For endpoints that wrap every engine error: `from_refusal(refusal, prefix="Cannot …: ", table=WRAPPED)`."""


def from_refusal(refusal: Refusal, *, prefix: str = "", table: Mapping[type[Refusal], Mapped] = TABLE) -> RestError:
    """Return the answer to a refused command; classes that `table` does not have answer as in TABLE."""
    if isinstance(refusal, ExecutionFailed) and refusal.kind in BARE:
        return RestError(500, refusal.kind, refusal.message)
    mapped = _lookup(refusal, table) or _lookup(refusal, TABLE) or Mapped(500, "ProcessEngineException")
    kind = mapped.type
    if isinstance(refusal, ExecutionFailed) and mapped == TABLE[ExecutionFailed]:
        kind = refusal.kind
    extra = {"details": details(refusal)} if isinstance(refusal, ModelRefused) else None
    return RestError(mapped.status, kind, prefix + refusal.message, 0, extra)


def _lookup(refusal: Refusal, table: Mapping[type[Refusal], Mapped]) -> Mapped | None:
    return next((table[kind] for kind in type(refusal).__mro__ if kind in table), None)


def details(refusal: ModelRefused) -> dict[str, Any]:
    """What is wrong with a model, for tools that show it."""
    problems = {
        "errors": [*map(_problem, refusal.errors[:MOST_TOLD])],
        "warnings": [*map(_problem, refusal.warnings[:MOST_TOLD])],
    }
    return {refusal.resource: problems}


ELEMENT_IDS = "\u0435lementIds"
"""The key as clients of Camunda know it: its first letter is the Cyrillic one (BPMN page §12)."""


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "message": problem.message,
        "line": problem.line,
        "column": problem.column,
        "mainElementId": problem.main_element_id,
        ELEMENT_IDS: list(problem.element_ids),
    }


def error_response(error: RestError) -> JsonResponse:
    """The error on the wire."""
    return JsonResponse(error.body, error.status)


HTTP_ERRORS = {
    404: ("NotFoundException", "Not Found"),
    405: ("NotAllowedException", "Method Not Allowed"),
    406: ("NotAcceptableException", "Not Acceptable"),
    413: ("ClientErrorException", "Request Entity Too Large"),
    415: ("NotSupportedException", "Unsupported Media Type"),
    431: ("ClientErrorException", "Request Header Fields Too Large"),
}


def http_error(status: int, detail: str = "") -> RestError:
    """What HTTP itself refuses: path, verb, media type, size."""
    kind, phrase = HTTP_ERRORS.get(status, ("WebApplicationException", detail))
    return RestError(status, kind, f"HTTP {status} {phrase}")


def install(app: FastAPI) -> None:
    """Answer every refusal and every error of HTTP with the contract's body."""
    app.add_exception_handler(RestError, _on_rest_error)
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)


async def _on_rest_error(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, RestError)
    return error_response(error)


async def _on_refusal(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, Refusal)
    return error_response(from_refusal(error))


async def _on_http_error(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, HTTPException)
    return error_response(http_error(error.status_code, error.detail))


async def _on_validation_error(request: Request, error: Exception) -> JsonResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()[0]
    return error_response(invalid_request(f"{'.'.join(map(str, found['loc']))}: {found['msg']}"))
