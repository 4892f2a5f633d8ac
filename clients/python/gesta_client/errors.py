"""What can go wrong between a worker and the server: one class per case a caller may want to tell apart."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx

OPTIMISTIC_LOCKING, DEADLOCK = 1, 10000
NOT_EXECUTED = {429, 503}
GATEWAY = {502, 504}


class ClientError(Exception):
    """Every error of this package's that has to do with the server."""


class ServerUnavailable(ClientError):
    """The server was not reached or did not answer; `may_have_arrived` tells whether the request may have had an effect."""

    def __init__(self, message: str, *, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


class Refused(ClientError):
    """The server answered with an error; `status` is HTTP's, `type` and `code` are the engine's (None where it gave none)."""

    def __init__(self, message: str, *, status: int, type: str | None = None, code: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.code = code


class NotFound(Refused):
    """The task (or other resource) does not exist, or does no longer."""


class BadRequest(Refused):
    """The request is not allowed as it is; repeating it does not help."""


class NotOwner(BadRequest):
    """The task is locked by another worker, or by none."""


class LockExpired(BadRequest):
    """The lock to be extended is over."""


class Suspended(BadRequest):
    """The task's process instance or definition is suspended."""


class ServerFailure(Refused):
    """The server could not carry the request out (what it tried was rolled back)."""


class Conflict(ServerFailure):
    """Another request changed the same process instance at the same time; nothing was changed, and a repetition may succeed."""


def unanswered(error: httpx.RequestError) -> ServerUnavailable:
    """The error for a request that got no answer."""
    never_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.UnsupportedProtocol)
    request = f"{error.request.method} {error.request.url}"
    return ServerUnavailable(f"{request} got no answer: {error or type(error).__name__}", may_have_arrived=not never_sent)


def refusal(response: httpx.Response) -> ClientError:
    """The error for an answer that is no success."""
    status = response.status_code
    kind, message, code = _told(response)
    if status in NOT_EXECUTED | GATEWAY:
        return ServerUnavailable(f"{response.request.url} answers {status}: {message}", may_have_arrived=status in GATEWAY)
    chosen = next((error for applies, error in CASES if applies(status, message, code)), ServerFailure)
    return chosen(message, status=status, type=kind, code=code)


def _told(response: httpx.Response) -> tuple[str | None, str, int | None]:
    """Type, message and code of Camunda's error body; of another body, its beginning."""
    fallback = response.text.strip()[:200] or response.reason_phrase or f"HTTP {response.status_code}"
    try:
        body = response.json()
    except ValueError:
        return None, fallback, None
    if not isinstance(body, dict):
        return None, fallback, None
    return body.get("type"), body.get("message") or body.get("type") or fallback, body.get("code")


# The server tells these apart by their text only.
NOT_OWNER = re.compile(r"cannot be (completed|reported|extended|locked) by worker '")

CASES: tuple[tuple[Callable[[int, str, int | None], bool], type[Refused]], ...] = (
    (lambda status, _, code: status >= 500 and code in {OPTIMISTIC_LOCKING, DEADLOCK}, Conflict),
    (lambda status, message, _: status >= 500, ServerFailure),
    (lambda status, message, _: status == 404, NotFound),
    (lambda status, message, _: bool(NOT_OWNER.search(message)), NotOwner),
    (lambda status, message, _: message.startswith("Cannot extend a lock that expired"), LockExpired),
    (lambda status, message, _: "ENGINE-03043" in message, Suspended),
    (lambda status, message, _: True, BadRequest),
)
