"""Multipart forms that are none, or not the deployment's."""

from __future__ import annotations

import pytest

from tests.acceptance.bad_input.target import MODEL, Target, refusal

FORM = "multipart/form-data; boundary=X"
NO_FORM = (400, "WebApplicationException", "HTTP 400 Invalid multipart data.")
NO_FILE = (400, "InvalidRequestException", "No deployment resources contained in the form upload.")
NO_NAME = (400, "InvalidRequestException", "No file name found in the deployment resource described by form parameter 'null'.")
UNNAMED = (400, "WebApplicationException", 'HTTP 400 The Content-Disposition header field "name" must be provided.')


def part(disposition: str, content: bytes = b"", *headers: str) -> bytes:
    """One part of a form."""
    lines = "\r\n".join([f"Content-Disposition: {disposition}", *headers])
    return f"--X\r\n{lines}\r\n\r\n".encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--X--\r\n"


FILE = part('form-data; name="data"; filename="model.bpmn"', MODEL.content)
TEXT = part('form-data; name="deployment-name"', b"a name")

REFUSED = {
    "nothing": (b"", NO_FILE),
    "no part": (form(), NO_FILE),
    "no file": (form(TEXT), NO_FILE),
    "cut off": (form(TEXT, FILE)[:-40], NO_FILE),
    "cut off in a header": (FILE[:30], NO_FILE),
    "a file without a name": (form(part('form-data; name="data"', MODEL.content)), NO_NAME),
    "a name that is encoded": (form(part("form-data; name=\"data\"; filename*=UTF-8''m%00.bpmn", MODEL.content)), NO_NAME),
    "a part without a name": (form(part("form-data", b"x")), UNNAMED),
    "an attachment": (form(part('attachment; filename="model.bpmn"', MODEL.content)), UNNAMED),
    "another boundary": (form(FILE).replace(b"--X", b"--Y"), NO_FORM),
    "bytes": (bytes(range(256)) * 100, NO_FORM),
    "a header without a colon": (form(part('form-data; name="data"', b"x", "Oddity")), NO_FORM),
    "a header with a blank in its name": (form(part('form-data; name="data"', b"x", "Odd header: x")), NO_FORM),
    "a very long header": (form(part('form-data; name="data"', b"x", "X: " + "a" * 100_000)), NO_FORM),
    "very many headers": (form(part('form-data; name="data"', b"x", *(f"X{n}: a" for n in range(10_000)))), NO_FORM),
    "a very long file name": (form(part(f'form-data; name="data"; filename="{"a" * 100_000}.bpmn"', MODEL.content)), NO_FORM),
    "10,000 files": (
        form(*(part(f'form-data; name="f{n}"; filename="f{n}.txt"', b"x") for n in range(10_000))),
        (400, "WebApplicationException", "HTTP 400 Too many files. Maximum number of files is 1000."),
    ),
    "10,000 fields": (
        form(*(part(f'form-data; name="f{n}"', b"x") for n in range(10_000))),
        (400, "WebApplicationException", "HTTP 400 Too many fields. Maximum number of fields is 1000."),
    ),
    "an activation at no time": (
        form(FILE, part('form-data; name="deployment-activation-time"', b"tomorrow")),
        (400, "InvalidRequestException", 'deployment-activation-time: Invalid format: "tomorrow"'),
    ),
}


@pytest.mark.parametrize(("body", "expected"), REFUSED.values(), ids=REFUSED)
def test_forms_that_cannot_be_read(target: Target, body: bytes, expected: tuple[int, str, str]) -> None:
    assert refusal(target.ask("POST", "/deployment/create", body, FORM)) == expected


@pytest.mark.parametrize("kind", ["", "application/json", "application/x-www-form-urlencoded", "multipart/mixed; boundary=X", "text/xml"])
def test_bodies_that_are_no_form(target: Target, kind: str) -> None:
    answer = target.ask("POST", "/deployment/create", form(FILE), kind)

    assert refusal(answer) == (415, "NotSupportedException", "HTTP 415 Unsupported Media Type")


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=Z", f"; boundary={'X' * 5000}", "; boundary=\xff"])
def test_boundaries_that_are_none(target: Target, boundary: str) -> None:
    status, kind, message = refusal(target.ask("POST", "/deployment/create", form(FILE), f"multipart/form-data{boundary}"))

    assert (status, kind) == (400, "WebApplicationException")
    assert message in (NO_FORM[2], "HTTP 400 Missing boundary in multipart.")


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "undefined", "unicode_escape", "raw_unicode_escape"])
def test_charsets_that_make_no_text(target: Target, charset: str) -> None:
    name = part('form-data; name="deployment-name"', b"+2AA- \\ud800")

    status, kind, message = refusal(target.ask("POST", "/deployment/create", form(name, FILE), f"{FORM}; charset={charset}"))

    assert (status, kind) == (400, "InvalidRequestException")
    assert message.startswith("the form's texts have to be UTF-8: ")


def test_a_file_name_is_not_a_path(changing_target: Target) -> None:
    name = "../../../../../tmp/gesta-was-here.bpmn"
    body = form(part(f'form-data; name="data"; filename="{name}"', MODEL.content))

    deployed = changing_target.ask("POST", "/deployment/create", body, FORM).body

    resources = changing_target.ask("GET", f"/deployment/{deployed['id']}/resources").body
    assert [resource["name"] for resource in resources] == [name]
    content = changing_target.ask("GET", f"/deployment/{deployed['id']}/resources/{resources[0]['id']}/data")
    assert content.headers["content-disposition"].startswith('attachment; filename="gesta-was-here.bpmn"')
