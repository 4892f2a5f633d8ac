"""The form of a deployment: parts to a command."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.types import Message

from api.rest.deployment_form import read_form
from api.rest.errors import RestError
from api.settings import Settings
from domain.commands import CreateDeployment, ResourceFile

FORM = "multipart/form-data; boundary=B"


def form(*parts: tuple[str, str | None, str], content_type: str = FORM) -> CreateDeployment:
    """Read a form of (name, file name, content)."""
    text = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"'
        + (f'; filename="{file}"' if file is not None else "")
        + f"\r\n\r\n{content}\r\n"
        for name, file, content in parts
    )

    async def receive() -> Message:
        return {"type": "http.request", "body": f"{text}--B--\r\n".encode(), "more_body": False}

    app = SimpleNamespace(state=SimpleNamespace(settings=Settings(max_model_bytes=1024)))
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode())], "app": app}
    return asyncio.run(read_form(Request(scope, receive)))


def test_every_part_with_a_file_name_is_a_file() -> None:
    command = form(("deployment-name", None, "n"), ("*", "a.txt", "1"), ("data 0", "b.bpmn", "ü"))
    assert command.name == "n"
    assert command.files == (ResourceFile("a.txt", b"1"), ResourceFile("b.bpmn", "ü".encode()))


def test_texts_and_flags() -> None:
    command = form(
        ("deployment-source", None, ""),
        ("tenant-id", None, "red"),
        ("enable-duplicate-filtering", None, "TRUE"),
        ("deploy-changed-only", None, "yes"),
        ("a", "a.txt", "1"),
    )
    assert (command.name, command.source, command.tenant_id) == (None, "", "red")
    assert (command.filter_duplicates, command.changed_only) == (True, False)


def test_a_text_may_come_as_a_file() -> None:
    assert form(("deployment-name", "name.txt", "n"), ("a", "a.txt", "1")).name == "n"


def test_of_one_file_name_the_last_counts() -> None:
    assert form(("a", "a.txt", "1"), ("b", "a.txt", "2")).files == (ResourceFile("a.txt", b"2"),)


@pytest.mark.parametrize(
    ("parts", "status", "message"),
    [
        ([("deployment-name", None, "n")], 400, "No deployment resources contained in the form upload."),
        ([("data", None, "<xml/>")], 400, "No file name found in the deployment resource described by form parameter 'null'."),
        ([("deployment-activation-time", None, "2030"), ("a", "a.txt", "1")], 400, 'deployment-activation-time: Invalid format: "2030"'),
        ([("deployment-name", None, "\0"), ("a", "a.txt", "1")], 400, "U\\+0000"),
        ([("a", "a.bpmn", "x" * 1025)], 413, "the model 'a.bpmn' has 1025 bytes, at most 1024 are taken"),
    ],
)
def test_refused_forms(parts: list[tuple[str, str | None, str]], status: int, message: str) -> None:
    with pytest.raises(RestError, match=message) as refused:
        form(*parts)
    assert refused.value.status == status


def test_large_files_that_are_no_models_are_taken() -> None:
    assert len(form(("a", "a.txt", "x" * 1025)).files[0].content) == 1025


def test_another_media_type_is_refused() -> None:
    with pytest.raises(RestError, match="HTTP 415"):
        form(("a", "a.txt", "1"), content_type="application/json")
