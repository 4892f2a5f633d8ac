"""The short way to hot endpoints: no layer of FastAPI's is passed on it, and all others still take the long way."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from api.app import Application
from tests.unit.rest.hot_routes import application, ask

TASK = "/external-task/01a21414-0d9c-713b-9ed9-27a630000001"


@pytest.fixture
def short_app(monkeypatch: pytest.MonkeyPatch) -> Application:
    """An application whose long way is closed."""
    app = application()
    assert isinstance(app, Application)

    async def closed(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(f"{scope['path']} took the long way")

    monkeypatch.setattr(app, "long_way", closed)
    return app


@pytest.mark.parametrize("path", ["/external-task/fetchAndLock", f"{TASK}/complete", "/process-definition/key/order/start"])
def test_hot_requests_pass_fastapi_by(short_app: Application, path: str) -> None:
    assert ask(short_app, path, {"workerId": "w", "maxTasks": 1, "topics": []}).status in (200, 204)


def test_refusals_are_answered_on_the_short_way_too(short_app: Application) -> None:
    asked = ask(short_app, f"{TASK}/complete", ["no object"])

    assert asked.status == 400
    assert asked.answer["type"] == "InvalidRequestException"


def test_others_take_the_long_way(short_app: Application) -> None:
    with pytest.raises(AssertionError, match="took the long way"):
        ask(short_app, f"{TASK}/unlock", {})
