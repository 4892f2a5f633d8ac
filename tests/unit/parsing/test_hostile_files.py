"""Files that are no models, or want to do harm: refused with what is wrong, quickly, and without reading anything else."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from domain.parsing import ModelRefused, Problem, parse_model
from domain.parsing.document import MAX_BYTES, MAX_DEPTH
from domain.refusals import ExecutionFailed
from tests.unit.domain.models import model, process

DEFINITIONS = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
END = "</definitions>"


def not_well_formed(content: str | bytes) -> str:
    """Why a file cannot be read at all."""
    with pytest.raises(ExecutionFailed) as failed:
        parse_model("evil.bpmn", content.encode() if isinstance(content, str) else content)
    start = "ENGINE-09003 Could not parse 'evil.bpmn'. "
    assert failed.value.message.startswith(start)
    return failed.value.message.removeprefix(start)


def problems(content: str) -> tuple[Problem, ...]:
    """What is wrong with a file that could be read."""
    with pytest.raises(ModelRefused) as refused:
        parse_model("evil.bpmn", content.encode())
    return refused.value.errors


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "Premature end of file."),
        ("  \n", "Start tag expected, '<' not found, line 2, column 1."),
        ("\x00" * 9, "Premature end of file."),
        ("hello", "Start tag expected, '<' not found, line 1, column 1."),
        ("{}", "Start tag expected, '<' not found, line 1, column 1."),
        ("<a>", "XML document structures must start and end within the same entity."),
        ("<a", "XML document structures must start and end within the same entity."),
        ("<a></a><b></b>", "XML document structures must start and end within the same entity."),
        ("<a><b></a>", 'The element type "b" must be terminated by the matching end-tag "</b>".'),
        ("<depth></a>", 'The element type "depth" must be terminated by the matching end-tag "</depth>".'),
        ("<a x='1' x='2'/>", "Attribute x redefined, line 1, column 15."),
        ("<a>&#0;</a>", "xmlParseCharRef: invalid xmlChar value 0, line 1, column 8."),
        ("<n:a/>", "Namespace prefix n on a is not defined, line 1, column 5."),
    ],
)
def test_what_is_not_well_formed_is_told(content: str, reason: str) -> None:
    assert not_well_formed(content) == reason


DOCTYPES = {
    "empty": "<!DOCTYPE definitions>",
    "entities": '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    "file": '<!DOCTYPE d [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
    "parameter entity": '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>',
    "external": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">',
    "not even closed": "<!DOCTYPE d [",
}


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
@pytest.mark.parametrize(("before", "place"), [("", (1, 1)), ('<?xml version="1.0"?>\n<!-- a -->\r\n <?pi?> ', (3, 9))])
def test_every_doctype_is_refused_where_it_stands(doctype: str, before: str, place: tuple[int, int]) -> None:
    message = "The file 'evil.bpmn' has a DOCTYPE; models are read without DTD and entities"

    assert problems(f"{before}{doctype}{DEFINITIONS}{END}") == (Problem(message, *place),)


@pytest.mark.parametrize(
    ("content", "column"),
    [(f"{DEFINITIONS}<documentation>&xxe;</documentation>{END}", 106), (f'{DEFINITIONS[:-4]}"&xxe;">{END}', 88)],
)
def test_an_entity_that_nothing_declares_is_not_well_formed(content: str, column: int) -> None:
    assert not_well_formed(content) == f"Entity 'xxe' not defined, line 1, column {column}."


def test_the_word_doctype_is_harmless_anywhere_else() -> None:
    text = model(process("start > end")).decode()

    assert parse_model("p.bpmn", text.replace("?>\n", "?>\n<!-- <!DOCTYPE a> -->", 1).encode())


def test_nothing_is_included_from_elsewhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<documentation>secret</documentation>")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}"/>'

    (problem,) = problems(f"{DEFINITIONS}{include}{END}")

    shown = '{"http://www.w3.org/2001/XInclude":include}'
    assert problem.message == f"cvc-complex-type.2.4.a: Invalid content was found starting with element '{shown}'."


TOO_DEEP = f"The file 'evil.bpmn' nests its elements deeper than {MAX_DEPTH} levels, which is the limit"


OUTER = f'{DEFINITIONS}<process id="p"><extensionElements>'


def nested(depth: int) -> str:
    """A file with so many elements inside each other, the innermost ones foreign to BPMN."""
    inner = depth - 3
    return f"{OUTER}{'<a>' * inner}{'</a>' * inner}</extensionElements></process>{END}"


def test_elements_are_not_nested_beyond_the_limit() -> None:
    column = len(OUTER) + len("<a>") * (MAX_DEPTH + 1 - 3) + 1

    assert problems(nested(MAX_DEPTH + 1)) == (Problem(TOO_DEEP, 1, column),)


@pytest.mark.parametrize("depth", [1_000, 10_000, 100_000])
def test_a_file_that_is_nested_far_too_deeply_is_not_even_read(depth: int) -> None:
    assert problems(nested(depth)) == (Problem(TOO_DEEP),)


def test_elements_nested_up_to_the_limit_are_read() -> None:
    assert parse_model("deep.bpmn", nested(MAX_DEPTH).encode()) == ()


def test_a_huge_file_is_not_even_looked_at() -> None:
    content = b" " * (MAX_BYTES + 1)

    with pytest.raises(ModelRefused) as refused:
        parse_model("huge.bpmn", content)

    assert refused.value.errors == (Problem("The file 'huge.bpmn' has 16777217 bytes; a model may have 16777216 at most"),)


def test_a_huge_attribute_is_refused() -> None:
    reason = not_well_formed(DEFINITIONS.replace('="t"', f'="{"t" * 11_000_000}"') + END)

    assert reason == "Resource limit exceeded: Buffer size limit exceeded, try XML_PARSE_HUGE, line 1, column 10003992."


def test_every_one_of_very_many_attributes_is_refused() -> None:
    count = 20_000
    attributes = " ".join(f'a{n}=""' for n in range(count))

    found = problems(DEFINITIONS.replace(">", f" {attributes}>") + END)

    assert len(found) == count
    assert found[-1].message == "cvc-complex-type.3.2.2: Attribute 'a19999' is not allowed to appear in element 'definitions'."


TEXT = model(process("start > end", name="für 5 €")).decode().replace('<?xml version="1.0" encoding="UTF-8"?>\n', "")


def encoded(encoding: str, declared: str | None = None, mark: bytes = b"") -> bytes:
    declaration = "" if declared is None else f'<?xml version="1.0" encoding="{declared}"?>'
    return mark + f"{declaration}{TEXT}".encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        encoded("utf-8"),
        encoded("utf-8", "UTF-8"),
        encoded("utf-8", mark=codecs.BOM_UTF8),
        encoded("utf-8", "windows-1252", codecs.BOM_UTF8),
        encoded("utf-16-le", mark=codecs.BOM_UTF16_LE),
        encoded("utf-16-be", "UTF-16", codecs.BOM_UTF16_BE),
        encoded("utf-16-le", "UTF-16"),
        encoded("utf-16-be", "utf-16"),
        encoded("cp1252", "windows-1252"),
        encoded("iso8859-15", "ISO-8859-15"),
    ],
)
def test_a_file_may_be_written_in_any_usual_encoding(content: bytes) -> None:
    (found,) = parse_model("p.bpmn", content)

    assert found.name == "für 5 €"


CODECS = ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "utf-7", "undefined", "zlib", "base64", "rot13", "hex", "none-such"]


@pytest.mark.parametrize("name", CODECS)
def test_what_is_no_usual_encoding_is_refused_unread(name: str) -> None:
    assert not_well_formed(encoded("utf-8", name)) == f"Invalid encoding: unknown encoding: {name}."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (TEXT.encode("cp1252"), "Invalid encoding: 'utf-8' codec can't decode byte 0xfc in position"),
        (encoded("utf-8", "ascii"), "Invalid encoding: 'ascii' codec can't decode byte 0xc3 in position"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")[:-1], "Invalid encoding: 'utf-16-le' codec can't decode byte 0x0a in position"),
        (encoded("utf-8", "utf-32"), "Invalid encoding: 'utf-32-le' codec can't decode bytes in position 0-3"),
        (encoded("utf-8", "cp037"), "Start tag expected, '<' not found, line 1, column 1."),
    ],
)
def test_bytes_that_do_not_fit_their_encoding_are_not_guessed_at(content: bytes, reason: str) -> None:
    assert not_well_formed(content).startswith(reason)


def test_the_text_that_is_checked_is_the_text_that_is_read() -> None:
    hidden = codecs.BOM_UTF16_LE + f'<!DOCTYPE d [<!ENTITY a "a">]>{TEXT}'.encode("utf-16-le")

    with pytest.raises(ModelRefused) as refused:
        parse_model("evil.bpmn", hidden)

    assert "has a DOCTYPE" in refused.value.message


@pytest.mark.parametrize("root", ["<html/>", '<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', "<definitions/>"])
def test_another_kind_of_document_is_refused(root: str) -> None:
    (problem,) = problems(root)

    name = root[1:].partition(" ")[0].rstrip("/>")
    assert problem.message == f"cvc-elt.1.a: Cannot find the declaration of element '{name}'."
