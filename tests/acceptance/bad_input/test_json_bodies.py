"""Bodies that are no JSON, or no JSON object."""

from __future__ import annotations

import pytest

from tests.acceptance.bad_input.target import Target, refusal

NO_JSON = "the request's body is not JSON: "
OBJECT = "the request's body: an object is due"
NUL = "the request has a text with the character U+0000, which cannot be stored"
VARIABLE = b'{"workerId": "owner", "variables": {"v": {"value": %b}}}'

BODIES = {
    "nothing": (b"", "the request needs a JSON body"),
    "null": (b"null", "the request needs a JSON body"),
    "cut off": (b'{"workerId": "owner"', f"{NO_JSON}Input data was truncated"),
    "single quotes": (b"{'workerId': 'owner'}", NO_JSON),
    "a comment": (b'{"workerId": "owner"} // done', NO_JSON),
    "a comma too many": (b'{"workerId": "owner",}', NO_JSON),
    "two values": (b'{"workerId": "owner"}{}', f"{NO_JSON}JSON is malformed: trailing characters (byte 22)"),
    "XML": b"<workerId>owner</workerId>",
    "binary": bytes(range(256)),
    "a list": (b"[]", OBJECT),
    "a text": (b'"owner"', OBJECT),
    "a number": (b"7", OBJECT),
    "true": (b"true", OBJECT),
    "a byte order mark": b'\xef\xbb\xbf{"workerId": "owner"}',
    "UTF-16": '{"workerId": "owner"}'.encode("utf-16"),
    "Latin-1": '{"workerId": "öwner"}'.encode("latin-1"),
    "an encoded surrogate": b'{"workerId": "\xed\xa0\x80"}',
    "a lone surrogate": b'{"workerId": "owner\\ud800"}',
    "surrogates in the wrong order": b'{"workerId": "\\udc00\\ud800"}',
    "a raw NUL": b'{"workerId": "owner\x00"}',
    "an escaped NUL": (b'{"workerId": "owner\\u0000"}', NUL),
    "NUL in a name": (b'{"workerId": "owner", "variables": {"v\\u0000": {"value": 1}}}', NUL),
    "NUL deep inside": (VARIABLE % b'{"a": [{"b": "\\u0000"}]}', NUL),
    "not a number": VARIABLE % b"NaN",
    "infinity": VARIABLE % b"-Infinity",
    "a number beyond every double": VARIABLE % b"1e400",
    "a number of 5,000 digits": VARIABLE % (b"9" * 5000),
    "a number with a leading zero": VARIABLE % b"007",
    "hexadecimal": VARIABLE % b"0xff",
    "nested 100,000 times": VARIABLE % (b"[" * 100_000 + b"]" * 100_000),
    "nested and never closed": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("case", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("method", "path"), [("POST", "complete"), ("PUT", "retries")])
def test_a_body_that_is_no_json_object_is_refused(target: Target, method: str, path: str, case: bytes | tuple[bytes, str]) -> None:
    body, message = case if isinstance(case, tuple) else (case, NO_JSON)

    answer = target.ask(method, f"/external-task/{target.task}/{path}", body)

    status, kind, said = refusal(answer)
    assert (status, kind) == (400, "InvalidRequestException")
    assert said.startswith(message)


CONTENT_TYPES = ("", "text/plain", "text/json", "application/xml", "application/jsonp", "multipart/form-data; boundary=x", "json", "*/*")


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_a_body_of_another_type_is_refused(target: Target, content_type: str) -> None:
    answer = target.complete(b'{"workerId": "owner"}', content_type)

    assert refusal(answer) == (415, "NotSupportedException", "HTTP 415 Unsupported Media Type")


@pytest.mark.parametrize(
    "content_type", ["application/json;charset=utf-16", "APPLICATION/JSON ; a=b", "application/json;;;", "application/json;\t"]
)
def test_parameters_of_the_type_do_not_count(target: Target, content_type: str) -> None:
    answer = target.complete(b'{"workerId": "another"}', content_type)

    assert refusal(answer)[2].endswith("cannot be completed by worker 'another'. It is locked by worker 'owner'.")
