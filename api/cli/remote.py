"""A running server, asked over its REST API: where it is, what it answers, and why it refuses."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlsplit

from api.cli.address import rest_address
from api.cli.refusal import CommandRefused
from api.settings import is_loopback, load_settings

if TYPE_CHECKING:
    import httpx

ROOT = "/engine-rest"
# Seconds. An answer may take long where a request moves a process through many elements.
ANSWERS_WITHIN = 60
CONNECTS_WITHIN = 5


class ServerRefused(CommandRefused):
    """The server answered with an error: `status` is HTTP's, `body` the contract's, empty when the answer has none."""

    def __init__(self, message: str, status: int, body: dict[str, Any]) -> None:
        super().__init__(message)
        self.status, self.body = status, body


class Remote:
    """A server's REST API below `base`, as a context. Paths are given by their parts, which may be any text.

    Raise CommandRefused when nobody answers, ServerRefused when the answer is an error.
    """

    def __init__(self, url: str | None) -> None:
        """None is the server that the settings name."""
        # Imported here: the other commands start faster without it.
        import httpx

        self.base = valid(url or default_url()).rstrip("/")
        # No proxy leads to this machine itself.
        from_environment = not is_loopback(urlsplit(self.base).hostname or "")
        timeout = httpx.Timeout(ANSWERS_WITHIN, connect=CONNECTS_WITHIN)
        self._http = httpx.Client(timeout=timeout, trust_env=from_environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def get(self, *path: str) -> Any:
        """Read a resource."""
        return self._answer("GET", self.base, path)

    def post(self, *path: str, params: dict[str, Any] | None = None, **content: Any) -> Any:
        """Send a command or a query; `content` is httpx's: json, data, files."""
        return self._answer("POST", self.base, path, params=params, **content)

    def get_gesta(self, *path: str) -> Any:
        """Read what Camunda does not have; it stands beside the REST API, not below it."""
        return self._answer("GET", f"{self.base.partition(ROOT)[0]}/gesta", path)

    def _answer(self, method: str, base: str, path: tuple[str, ...], **arguments: Any) -> Any:
        import httpx

        try:
            response = self._http.request(method, "/".join((base, *(quote(part, safe="") for part in path))), **arguments)
        except httpx.TimeoutException as error:
            raise CommandRefused(f"the server at {self.base} does not answer within {ANSWERS_WITHIN} s") from error
        except httpx.RequestError as error:
            raise CommandRefused(f"no server answers at {self.base} ({error}); gesta serve starts one, --url names another") from error
        return read_answer(response, self.base)


def default_url() -> str:
    """The address of the server that runs with the same settings."""
    settings = load_settings()
    if not settings.port:
        raise CommandRefused("GESTA_PORT=0 does not tell where the server is; name its REST API with --url")
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    return rest_address(everywhere.get(settings.host, settings.host), settings.port)


def valid(url: str) -> str:
    """The address of a REST API. Raise CommandRefused when it is none."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise CommandRefused(f"--url '{url}' is no address of a REST API; one is http://127.0.0.1:8080{ROOT}")
    return url


def read_answer(response: httpx.Response, base: str) -> Any:
    """The JSON of an answer. Raise ServerRefused for an error, CommandRefused for what no REST API answers."""
    body = read_json(response)
    if response.is_success and body is not None:
        return body
    if not isinstance(body, dict) or "type" not in body or body["type"] == "NotFoundException":
        where = f"{response.url} ({response.status_code})"
        raise CommandRefused(f"no engine's REST API answers at {where}; the address of one, {base} here, ends in {ROOT}")
    message = " ".join(str(body.get("message") or body["type"]).split())
    raise ServerRefused(f"the server refuses: {message}", response.status_code, body)


def read_json(response: httpx.Response) -> Any:
    """The JSON of an answer; None when it has none."""
    try:
        return response.json()
    except ValueError:
        return None
