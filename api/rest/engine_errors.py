"""What the engine shell itself refuses, as answers: full queue, shutdown, a database that stays away (REST contract §5.5)."""

from __future__ import annotations

from fastapi import FastAPI, Request
from psycopg import DataError, OperationalError
from psycopg.errors import ProgramLimitExceeded

from api.engine import CommandIdTaken, DatabaseUnavailable, HistoryBehind, QueueFull, ShuttingDown, VersionConflict
from api.rest.answers import JsonResponse
from api.rest.errors import RestError, error_response, invalid_request

SHELL = (
    *(QueueFull, ShuttingDown, DatabaseUnavailable, HistoryBehind, VersionConflict, CommandIdTaken),
    *(DataError, OperationalError),
)
"""What the shell refuses, and the database."""


def install(app: FastAPI) -> None:
    """Answer the shell's errors, and the database's about one request."""
    for kind in SHELL:
        app.add_exception_handler(kind, _on_error)


async def _on_error(request: Request, error: Exception) -> JsonResponse:
    return error_response(mapped(error))


def mapped(error: Exception) -> RestError:
    """The answer to one of them."""
    match error:
        case QueueFull():
            message = "At the moment the server has to handle too many requests at the same time. Please try again later."
            return RestError(500, "InvalidRequestException", message)
        case ShuttingDown():
            return RestError(500, "RestException", "Request rejected due to shutdown of application server.")
        case VersionConflict():
            return RestError(500, "OptimisticLockingException", str(error), 1)
        case CommandIdTaken():
            return invalid_request(str(error))
        case HistoryBehind():
            return RestError(503, "ProcessEngineException", str(error), 0)
        case DataError() | ProgramLimitExceeded():
            return invalid_request(f"The request holds what the database cannot store: {error.diag.message_primary or error}")
        case _:
            return RestError(500, "ProcessEngineException", str(error), 0)
