"""Files that try to hurt whoever reads them: none is read further than it has to be, and none leaves a deployment."""

from __future__ import annotations

import httpx
import pytest

from tests.acceptance.bad_input.target import Target, refusal
from tests.integration.models import NAMESPACES, model, scope

NAME = "hostile.bpmn"
GOOD = model("hostile", scope("start > work > end")).content.decode()
DOCTYPE = (
    f"ENGINE-09005 Could not parse BPMN process. Errors: \n* The file '{NAME}' has a DOCTYPE; models are read without DTD and entities"
)
NESTED = f"ENGINE-09005 Could not parse BPMN process. Errors: \n* The file '{NAME}' nests its elements deeper than 100 levels"
NOT_READ = f"ENGINE-09003 Could not parse '{NAME}'. "


def named(name: str) -> str:
    """A good model, but for the name of its start event."""
    return GOOD.replace('<startEvent id="start"/>', f'<startEvent id="start" name="{name}"/>')


def inside(content: str) -> str:
    """A model with something inside its process."""
    return GOOD.replace("</process>", f"{content}</process>")


SURROGATE = named("+2AA- \\ud800")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
PARSE, ENGINE = (400, "ParseException"), (500, "ProcessEngineException")
"""How Camunda answers a model with errors, and a file that is no XML."""

FILES: dict[str, tuple[str | bytes, tuple[int, str], str]] = {
    "a billion laughs": (f'<!DOCTYPE d [<!ENTITY l0 "lol">{LAUGHS}]>{named("&l9;")}', PARSE, DOCTYPE),
    "a quadratic blow-up": (f'<!DOCTYPE d [<!ENTITY l "{"l" * 100_000}">]>{named("&l;" * 10_000)}', PARSE, DOCTYPE),
    "a file of the server": (f'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>{named("&f;")}', PARSE, DOCTYPE),
    "a request of the server": (f'<!DOCTYPE d [<!ENTITY % f SYSTEM "http://127.0.0.1:1/">%f;]>{GOOD}', PARSE, DOCTYPE),
    "an external DTD": (f'<!DOCTYPE d SYSTEM "http://127.0.0.1:1/d.dtd">{GOOD}', PARSE, DOCTYPE),
    "a DOCTYPE behind a comment": (f'<?xml version="1.0"?><!-- harmless --><?p?>\n<!DOCTYPE d>{GOOD}', PARSE, DOCTYPE),
    "a DOCTYPE in UTF-16": (f'<!DOCTYPE d [<!ENTITY a "b">]>{GOOD}'.encode("utf-16"), PARSE, DOCTYPE),
    "an entity of nobody": (named("&nobody;"), ENGINE, f"{NOT_READ}Entity 'nobody' not defined"),
    "10,000 levels": ("<a>" * 10_000 + "</a>" * 10_000, PARSE, NESTED),
    "10,000 sub-processes": (inside("<subProcess>" * 10_000 + "</subProcess>" * 10_000), PARSE, NESTED),
    "10,000 levels of extensions": (
        inside(f"<extensionElements>{'<camunda:list>' * 10_000}{'</camunda:list>' * 10_000}</extensionElements>"),
        PARSE,
        NESTED,
    ),
    "10,000 attributes": (
        GOOD.replace('id="start"', 'id="start" ' + " ".join(f'a{n}="x"' for n in range(10_000)), 1),
        PARSE,
        "ENGINE-09005 Could not parse BPMN process. Errors: \n* cvc-complex-type.3.2.2: Attribute 'a0' is not allowed",
    ),
    "the same attribute twice": (GOOD.replace('id="start"', 'id="start" id="start"', 1), ENGINE, f"{NOT_READ}Attribute id redefined"),
    "10,000 elements that are wrong": (inside("<serviceTask/>" * 10_000), PARSE, "ENGINE-09005 Could not parse BPMN process. Errors: "),
    "a text of 11 MB": (inside(f"<documentation>{'x' * 11_000_000}</documentation>"), ENGINE, f"{NOT_READ}Resource limit exceeded"),
    "an attribute of 11 MB": (named("x" * 11_000_000), ENGINE, f"{NOT_READ}Resource limit exceeded"),
    "a comment of 11 MB": (inside(f"<!--{'x' * 11_000_000}-->"), ENGINE, f"{NOT_READ}Comment too big found"),
    "a file that is included": (
        inside('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'),
        PARSE,
        "ENGINE-09005 Could not parse BPMN process. Errors: \n* cvc-complex-type.2.4.a: Invalid content was found",
    ),
    "nothing": (b"", ENGINE, f"{NOT_READ}Premature end of file."),
    "blanks": (b" \n ", ENGINE, NOT_READ),
    "JSON": (b"{}", ENGINE, NOT_READ),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), ENGINE, f"{NOT_READ}Invalid encoding: "),
    "other XML": (
        b"<a/>",
        PARSE,
        "ENGINE-09005 Could not parse BPMN process. Errors: \n* cvc-elt.1.a: Cannot find the declaration of element 'a'.",
    ),
    "cut off": (GOOD[:-30], ENGINE, NOT_READ),
    "two roots": (GOOD * 2, ENGINE, f"{NOT_READ}XML document structures must start and end within the same entity."),
    "ends in the wrong order": (GOOD.replace("</process></definitions>", "</definitions></process>"), ENGINE, NOT_READ),
    "NUL": (named("a\0b"), ENGINE, NOT_READ),
    "NUL as a reference": (named("a&#0;b"), ENGINE, NOT_READ),
    "half a character": (named("a&#xD800;b"), ENGINE, NOT_READ),
    "a control character": (named("a\x01b"), ENGINE, NOT_READ),
    "Latin-1 that says to be UTF-8": (named("für").encode("latin-1"), ENGINE, f"{NOT_READ}Invalid encoding: "),
    "UTF-8 that says to be UTF-16": (f'<?xml version="1.0" encoding="utf-16"?>{GOOD}', ENGINE, NOT_READ),
    "UTF-32": (GOOD.encode("utf-32"), ENGINE, NOT_READ),
    "EBCDIC": (f'<?xml version="1.0" encoding="cp037"?>{GOOD}'.encode("cp037"), ENGINE, NOT_READ),
    **{
        f"the encoding {name}": (
            f'<?xml version="1.0" encoding="{name}"?>{SURROGATE}',
            ENGINE,
            f"{NOT_READ}Invalid encoding: ",
        )
        for name in ("utf-7", "unicode_escape", "punycode", "idna", "zlib", "rot13", "undefined", "nobodys")
    },
}


@pytest.mark.parametrize(("content", "kind", "message"), FILES.values(), ids=FILES)
def test_hostile_files_are_refused(target: Target, content: str | bytes, kind: tuple[int, str], message: str) -> None:
    content = content if isinstance(content, bytes) else content.encode()

    status, type, said = refusal(target.deploy(content, NAME))

    assert (status, type) == kind
    assert said.startswith(message)


def test_of_very_many_problems_the_first_are_told(target: Target) -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(2000))

    answer = target.deploy(GOOD.replace('id="start"', f'id="start" {attributes}', 1).encode(), NAME)

    assert refusal(answer)[2].endswith("\n* and 1500 more")
    problems = answer.json()["details"][NAME]["errors"]
    assert [problem["message"].split("'")[1] for problem in problems] == [f"a{number}" for number in range(500)]


def test_one_bad_file_refuses_all_of_a_deployment(target: Target) -> None:
    files: list[tuple[str, tuple[str, bytes]]] = [
        ("a", ("good.bpmn", GOOD.encode())),
        ("b", ("picture.png", b"\x89PNG")),
        ("c", (NAME, b"<a/>")),
    ]
    body, kind = form(files)

    assert refusal(target.ask("POST", "/deployment/create", body, kind))[:2] == PARSE


def form(files: list[tuple[str, tuple[str, bytes]]]) -> tuple[bytes, str]:
    """A form with several files, and its type."""
    request = httpx.Request("POST", "http://gesta", files=files)
    return request.read(), request.headers["content-type"]


def test_a_model_that_names_files_and_addresses_reads_none_of_them(changing_target: Target) -> None:
    imported = '<import importType="http://www.w3.org/2001/XMLSchema" location="file:///etc/passwd" namespace="x"/>'
    located = f'{NAMESPACES} xsi:schemaLocation="http://x http://127.0.0.1:1/x.xsd"'
    styled = '<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:1/x.xsl"?>'
    content = styled + GOOD.replace(NAMESPACES, located).replace("<error", f"{imported}<error", 1)

    answer = changing_target.deploy(content.encode(), NAME)

    assert answer.status_code == 200
    assert "root:" not in answer.text
