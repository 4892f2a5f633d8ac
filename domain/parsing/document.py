"""A file as a tree, read so that no file can hurt: bounded in size and depth, no DOCTYPE, no entities, no network."""

from __future__ import annotations

import re
from functools import cached_property

from lxml import etree
from lxml.etree import _Element as Element

from domain.parsing.encoding import decode
from domain.parsing.model_refused import ModelRefused
from domain.parsing.positions import Positions
from domain.parsing.problem import Problem
from domain.refusals import ExecutionFailed

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 100

_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_NEST_AND_MISMATCH = re.compile(r"Opening and ending tag mismatch: (\S+) line")
_TOO_DEEP = "Excessive depth"
_CUT_OFF = ("Premature end of data", "EndTag: '</' not found", "Extra content at the end", "Couldn't find end of Start Tag")


class Document:
    """A well-formed file: its root element, and where each element stands."""

    def __init__(self, resource: str, content: bytes) -> None:
        self.resource = resource
        text = _checked_text(resource, content)
        self._positions = Positions(text)
        self.root = self._parse(text)

    def position(self, element: Element) -> tuple[int, int]:
        """Return line and column just behind the element's start tag."""
        return self._positions.of_element(self._numbers[element])

    def end(self) -> tuple[int, int]:
        """Return line and column behind the file's last tag."""
        return self._positions.of_end()

    def _parse(self, text: str) -> Element:
        try:
            return etree.fromstring(text.encode(), _parser())
        except etree.XMLSyntaxError as error:
            if error.msg.startswith(_TOO_DEEP):
                raise too_deep(self.resource, Problem("")) from None
            raise _not_well_formed(self.resource, _xerces(error.msg)) from None

    @cached_property
    def _numbers(self) -> dict[Element, int]:
        return {element: number for number, element in enumerate(self.root.iter(etree.Element))}


def too_deep(resource: str, place: Problem) -> ModelRefused:
    """Refuse a file whose elements are nested beyond `MAX_DEPTH`."""
    message = f"The file '{resource}' nests its elements deeper than {MAX_DEPTH} levels, which is the limit"
    return ModelRefused(resource, (Problem(message, place.line, place.column, place.main_element_id, place.element_ids),))


def _checked_text(resource: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        message = f"The file '{resource}' has {len(content)} bytes; a model may have {MAX_BYTES} at most"
        raise ModelRefused(resource, (Problem(message),))
    try:
        text = decode(content).removeprefix("\ufeff")
    except (LookupError, UnicodeError) as error:
        raise _not_well_formed(resource, f"Invalid encoding: {error}.") from None
    _refuse_doctype(resource, text)
    return text


def _refuse_doctype(resource: str, text: str) -> None:
    prolog = _PROLOG.match(text)
    offset = prolog.end() if prolog else 0
    if text.startswith("<!DOCTYPE", offset):
        line, column = Positions(text).of_offset(offset)
        raise ModelRefused(
            resource, (Problem(f"The file '{resource}' has a DOCTYPE; models are read without DTD and entities", line, column),)
        )


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _not_well_formed(resource: str, reason: str) -> ExecutionFailed:
    return ExecutionFailed(f"ENGINE-09003 Could not parse '{resource}'. {reason}")


def _xerces(message: str) -> str:
    """Say the commonest mistakes in the words of Camunda's XML parser."""
    open_element = _NEST_AND_MISMATCH.match(message)
    if open_element:
        name = open_element.group(1)
        return f'The element type "{name}" must be terminated by the matching end-tag "</{name}>".'
    if message.startswith("Document is empty"):
        return "Premature end of file."
    if message.startswith(_CUT_OFF):
        return "XML document structures must start and end within the same entity."
    message = message.replace("\n", "")
    return message if message.endswith(".") else f"{message}."
