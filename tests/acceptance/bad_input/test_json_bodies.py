"""Bodies that are no JSON, or no JSON object."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.bad_input.target import KEY, Target, refusal
from tests.acceptance.shared_server import get

NO_JSON = "the request's body is not JSON: "
OBJECT = "the request's body: an object is due"
NUL = "the request has a text with the character U+0000, which cannot be stored"
DEEP = "the request's body is nested deeper than 200 levels"
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
    "nested 201 times": (VARIABLE % (b"[" * 198 + b"]" * 198), DEEP),
    "nested 900 times": (VARIABLE % (b'{"a":' * 900 + b"1" + b"}" * 900), DEEP),
    "NUL nested 900 times": (VARIABLE % (b'{"a":' * 900 + b'"\\u0000"' + b"}" * 900), DEEP),
    "500,001 lists": (VARIABLE % (b"[" + b"[]," * 499_997 + b"[]]"), "the request's body has more than 500000 objects and lists"),
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


@pytest.mark.parametrize("depth", [150, 250, 500, 880, 920, 100_000])
def test_a_stored_structure_that_is_nested_too_deeply_is_shown_as_text(changing_target: Target, depth: int) -> None:
    text, info = "[" * depth + "]" * depth, {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"}
    started = changing_target.post(
        f"/process-definition/key/{KEY}/start", {"variables": {"v": {"type": "Object", "value": text, "valueInfo": info}}}
    )
    instance = started.json()["id"]

    single = get(changing_target.server.base, f"/process-instance/{instance}/variables/v")
    (listed,) = get(changing_target.server.base, "/variable-instance", processInstanceIdIn=instance)

    shown = json.loads(text) if depth <= 200 else text
    assert (single["value"], listed["value"]) == (shown, shown)


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
