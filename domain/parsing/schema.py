"""Checks a file as Camunda does with the BPMN 2.0 schema: attributes, children and their order, ids and references, and depth."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element

from domain.parsing.document import MAX_DEPTH, too_deep
from domain.parsing.markup import BPMN, child, tag_of
from domain.parsing.problem import Problem
from domain.parsing.reading import Reading
from domain.parsing.schema_rules import BOOLEANS, DEFINITIONS, FLOW_NODES, REFERENCES, RULES, Rule

BPMN_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_NAME = re.compile(r"[^\W\d][\w.\-\u00b7]*")
_REFERRING = frozenset([*FLOW_NODES, "sequenceFlow"])


def check_schema(reading: Reading) -> None:
    """Report what the schema forbids; raises ModelRefused for a file that is nested too deeply."""
    root = reading.document.root
    if root.tag != BPMN + "definitions":
        reading.error(f"cvc-elt.1.a: Cannot find the declaration of element '{_shown(root)}'.", root)
        return
    _Check(reading).run(root)


class _Check:
    """One walk over a file."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.ids: set[str] = set()
        self.references: list[str] = []

    def run(self, root: Element) -> None:
        depth, foreign = 0, MAX_DEPTH + 1
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "end":
                depth -= 1
                continue
            depth += 1
            if depth > MAX_DEPTH:
                raise too_deep(self.reading.document.resource, self._place(element))
            if depth <= foreign:
                foreign = depth if element.tag == BPMN + "extensionElements" else MAX_DEPTH + 1
                self._check(element)
        self._check_references()

    def _check(self, element: Element) -> None:
        namespace, _, tag = element.tag.rpartition("}")
        if namespace + "}" not in (BPMN, BPMN_DI):
            return
        identifier = element.get("id")
        if identifier is not None:
            self._check_id(element, identifier)
        rule = DEFINITIONS if tag == "definitions" else RULES.get(tag)
        if rule is None or namespace + "}" != BPMN:
            return
        self._check_attributes(element, rule)
        self._check_children(element, rule)
        if tag in _REFERRING:
            self.references += [value for name in REFERENCES if (value := element.get(name)) is not None]

    def _check_id(self, element: Element, identifier: str) -> None:
        trimmed = identifier.strip()
        if not _NAME.fullmatch(trimmed):
            self._error(f"cvc-datatype-valid.1.2.1: '{trimmed}' is not a valid value for 'NCName'.", element)
        elif trimmed in self.ids:
            self._error(f"cvc-id.2: There are multiple occurrences of ID value '{trimmed}'.", element)
        else:
            self.ids.add(trimmed)
            return
        self._error(_invalid(element, "id", trimmed, "ID"), element)

    def _check_attributes(self, element: Element, rule: Rule) -> None:
        for name in map(str, element.keys()):
            if not name.startswith("{") and name not in rule.attributes:
                self._error(f"cvc-complex-type.3.2.2: Attribute '{name}' is not allowed to appear in element '{_shown(element)}'.", element)
            elif name in BOOLEANS and (value := element.get(name, "")).strip() not in ("true", "false", "1", "0"):
                self._error(f"cvc-datatype-valid.1.2.1: '{value}' is not a valid value for 'boolean'.", element)
                self._error(_invalid(element, name, value, "boolean"), element)
        for name in rule.required:
            if element.get(name) is None:
                self._error(f"cvc-complex-type.4: Attribute '{name}' must appear on element '{_shown(element)}'.", element)

    def _check_children(self, element: Element, rule: Rule) -> None:
        """Report the first child that is out of place, as a schema validator does."""
        rank = -1
        for inner in element:
            tag = str(inner.tag)
            of = rule.ranks.get(tag_of(inner)) if tag.startswith((BPMN, BPMN_DI)) else None
            if of is None or of < rank or (of == rank and tag_of(inner) in rule.single):
                shown = f'"{tag[1:]}'.replace("}", '":', 1) if tag.startswith("{") else tag
                self._error(f"cvc-complex-type.2.4.a: Invalid content was found starting with element '{{{shown}}}'.", inner)
                return
            rank = of
        if rule.needed is not None and child(element, rule.needed) is None:
            text = f"The content of element '{_shown(element)}' is not complete. One of '{{\"{BPMN[1:-1]}\":{rule.needed}}}' is expected."
            self._error(f"cvc-complex-type.2.4.b: {text}", element)

    def _check_references(self) -> None:
        line, column = self.reading.document.end()
        for reference in dict.fromkeys(self.references):
            if reference.strip() not in self.ids:
                text = f"cvc-id.1: There is no ID/IDREF binding for IDREF '{reference}'."
                self.reading.errors.append(Problem(text, line, column))

    def _place(self, element: Element) -> Problem:
        line, column = self.reading.document.position(element)
        identifier = element.get("id")
        return Problem("", line, column, identifier, (identifier,) if identifier else ())

    def _error(self, message: str, element: Element) -> None:
        """Note an error; a schema validator knows no ids."""
        line, column = self.reading.document.position(element)
        self.reading.errors.append(Problem(message, line, column))


def _invalid(element: Element, name: str, value: str, kind: str) -> str:
    where = f"attribute '{name}' on element '{_shown(element)}'"
    return f"cvc-attribute.3: The value '{value}' of {where} is not valid with respect to its type, '{kind}'."


def _shown(element: Element) -> str:
    return f"{element.prefix}:{tag_of(element)}" if element.prefix else tag_of(element)
