"""What holds for every request and answer of the REST API, as one plain ASGI layer (REST contract §1)."""

from __future__ import annotations

import logging
from urllib.parse import unquote

import msgspec
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.accept import accepts, echoed_type
from api.rest.errors import RestError, error_response, http_error, invalid_request

log = logging.getLogger("gesta.rest")
_NO_CACHE = (b"cache-control", b"no-cache")
MAX_HEADER_BYTES = 64 * 1024


class RestMiddleware:
    """Tidies the path, limits headers and bodies, forbids caching of reads, honours Accept, and answers a crash without its traceback."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = Answer(scope, send)
        try:
            refuse_long_headers(scope)
            tidy_path(scope)
            await self._app(scope, self._limited(scope, receive), answer.send)
        except RestError as refused:
            await error_response(refused)(scope, receive, answer.send)
        except ClientDisconnect:
            log.debug("%s %s: the client hung up before all of its body had come", scope["method"], scope["path"])
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if answer.started:
                raise
            await error_response(CRASH)(scope, receive, answer.send)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        for name, value in scope["headers"]:
            if name == b"content-length":
                if not value.isdigit() or int(value) > self._max_body_bytes:
                    raise self._too_large()
                return receive
            if name == b"transfer-encoding":
                return self._counted(receive)
        return receive

    def _counted(self, receive: Receive) -> Receive:
        total = 0

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > self._max_body_bytes:
                raise self._too_large()
            return message

        return counted

    def _too_large(self) -> RestError:
        error = http_error(413)
        return RestError(413, error.type, f"{error.message}: at most {self._max_body_bytes} bytes are taken")


CRASH = RestError(500, "ProcessEngineException", "The request failed inside gesta; its log tells why.")


def refuse_long_headers(scope: Scope) -> None:
    """Refuse headers beyond what any client sends: the HTTP parser itself has no limit."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
        error = http_error(431)
        raise RestError(431, error.type, f"{error.message}: at most {MAX_HEADER_BYTES} bytes are taken")


def tidy_path(scope: Scope) -> None:
    """Drop matrix parameters and one trailing slash; refuse NUL characters, which the database cannot hold."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if b"%00" in raw or b"%00" in scope["query_string"]:
        raise invalid_request("the request has a text with the character U+0000, which cannot be stored")
    if b";" in raw:
        parts = raw.split(b"?")[0].decode("latin-1").split("/")
        scope["path"] = unquote("/".join(part.partition(";")[0] for part in parts))
    path = scope["path"]
    if len(path) > 1 and path[-1] == "/":
        scope["path"] = path[:-1]


class Answer:
    """The way of one answer to the client."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._is_get = scope["method"] in ("GET", "HEAD")
        self._cacheable = scope["path"].endswith("xml")
        self._accept = next((value for name, value in scope["headers"] if name == b"accept"), None) if self._is_get else None
        self._replacement: bytes | None = None
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            if self._is_get:
                self._prepare(message)
        elif self._replacement is not None:
            message = self._replaced(message)
        await self._send(message)

    def _prepare(self, message: Message) -> None:
        if not self._cacheable:
            message["headers"] = [*message["headers"], _NO_CACHE]
        if self._accept is not None and message["status"] == 200:
            self._negotiate(message, self._accept.decode("latin-1"))

    def _negotiate(self, message: Message, accept: str) -> None:
        headers = dict(message["headers"])
        kind = headers.get(b"content-type", b"").decode("latin-1")
        if b"content-disposition" in headers or kind == "application/octet-stream" or accepts(accept, kind):
            if kind == "application/json" and (echoed := echoed_type(accept)):
                message["headers"] = [*headers.items(), (b"content-type", echoed.encode("latin-1"))]
                message["headers"].remove((b"content-type", b"application/json"))
            return
        self._replacement = msgspec.json.encode(http_error(406).body)
        length = str(len(self._replacement)).encode()
        message.update(status=406, headers=[(b"content-type", b"application/json"), (b"content-length", length), _NO_CACHE])

    def _replaced(self, message: Message) -> Message:
        body = b"" if message.get("more_body") else self._replacement
        return {**message, "body": body}
