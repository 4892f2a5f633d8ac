"""Camunda Spin's XML nodes, as `Xml` variables and `XML('…')` give them to expressions: read only, no entities, a small part of XPath."""

from __future__ import annotations

import re
from typing import ClassVar

from lxml import etree

from domain.expressions.failures import Failure, MethodFailed

UNREADABLE = "SPIN/DOM-XML-01009 Unable to parse input into DOM document"
DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
STEP = r"(?:@?[A-Za-z_][\w.-]*|\*|@\*|\.|text\(\))(?:\[[0-9]{1,9}\]|\[@?[A-Za-z_][\w.-]*='[^']*'\])?"
LOCATION = rf"(?://?{STEP}|{STEP})(?:/{STEP}){{0,20}}"
ALLOWED_XPATH = re.compile(rf"{LOCATION}|(?:count|string|number|boolean)\({LOCATION}\)")
"""Location paths with at most one `//`, at their start: their cost grows with the document, not faster."""


def _read(text: str) -> etree._Element:
    if "<!DOCTYPE" in text:
        raise Failure("Cannot deserialize object: a document type declaration is not allowed")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(DECLARATION.sub("", text).encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        raise Failure(f"Cannot deserialize object: {UNREADABLE}") from None


def _failed(exception: str, message: str) -> MethodFailed:
    return MethodFailed(f"org.camunda.spin.xml.{exception}: SPIN/{message}")


class XmlAttribute:
    """An attribute of an element."""

    __slots__ = ("content", "name")
    java_class: ClassVar[str] = "org.camunda.spin.impl.xml.dom.DomXmlAttribute"

    def __init__(self, name: str, content: str) -> None:
        self.name = name
        self.content = content


class XmlElement:
    """An XML element. The text of a variable is parsed when an expression looks inside."""

    __slots__ = ("_node", "_source", "weight")
    java_class: ClassVar[str] = "org.camunda.spin.impl.xml.dom.DomXmlElement"

    def __init__(self, source: str = "", node: etree._Element | None = None, weight: int = 0) -> None:
        self._source = source
        self._node = node
        self.weight = weight or 1 + len(source) // 8
        """The work of looking through the whole document."""

    @classmethod
    def parse(cls, text: str) -> XmlElement:
        """Read the text of `XML('…')` at once."""
        element = cls(text)
        try:
            element.node()
        except Failure:
            raise MethodFailed(f"org.camunda.spin.xml.SpinXmlDataFormatException: {UNREADABLE}") from None
        return element

    def node(self) -> etree._Element:
        if self._node is None:
            self._node = _read(self._source)
        return self._node

    def text(self) -> str:
        copy = etree.fromstring(etree.tostring(self.node(), with_tail=False))
        return '<?xml version="1.0" encoding="UTF-8"?>' + etree.tostring(copy, encoding="unicode", pretty_print=True)

    def name(self) -> str:
        return etree.QName(self.node()).localname

    def namespace(self) -> str | None:
        return etree.QName(self.node()).namespace

    def text_content(self) -> str:
        return "".join(str(part) for part in self.node().itertext("*"))

    def attributes(self) -> list[XmlAttribute]:
        return [XmlAttribute(etree.QName(str(name)).localname, str(content)) for name, content in self.node().attrib.items()]

    def attribute_names(self) -> list[str]:
        return [attribute.name for attribute in self.attributes()]

    def has_attribute(self, name: str) -> bool:
        return name in self.node().attrib

    def attribute(self, name: str) -> XmlAttribute:
        content = self.node().get(name)
        if content is None:
            raise _failed("SpinXmlAttributeException", f"DOM-XML-01006 Unable to find attribute with namespace 'null' and name '{name}'")
        return XmlAttribute(name, content)

    def children(self) -> list[XmlElement]:
        return [XmlElement(node=child, weight=self.weight) for child in self.node().iterchildren("*")]

    def children_named(self, name: str) -> list[XmlElement]:
        return self.children_of(self.namespace(), name)

    def children_of(self, namespace: str | None, name: str) -> list[XmlElement]:
        found = [
            XmlElement(node=child, weight=self.weight)
            for child in self.node().iterchildren(f"{{{namespace}}}{name}" if namespace else name)
        ]
        if not found:
            raise _failed(
                "SpinXmlElementException",
                f"DOM-XML-01007 Unable to find child element with namespace '{namespace or 'null'}' and name '{name}'",
            )
        return found

    def child_named(self, name: str) -> XmlElement:
        return self.child_of(self.namespace(), name)

    def child_of(self, namespace: str | None, name: str) -> XmlElement:
        found = self.children_of(namespace, name)
        if len(found) > 1:
            raise _failed(
                "SpinXmlElementException",
                f"DOM-XML-01008 More than one child element was found for namespace '{namespace or 'null'}' and name '{name}'",
            )
        return found[0]

    def xpath(self, path: str) -> XPathQuery:
        return XPathQuery(self, path)


class XPathQuery:
    """What `xPath('…')` gives; the path starts at the document."""

    __slots__ = ("_element", "_path", "weight")
    java_class: ClassVar[str] = "org.camunda.spin.impl.xml.dom.query.DomXPathQuery"

    def __init__(self, element: XmlElement, path: str) -> None:
        self._element = element
        self._path = path
        self.weight = element.weight

    def _found(self) -> object:
        if len(self._path) > 1000 or not ALLOWED_XPATH.fullmatch(self._path):
            name = f"{self._element.namespace() or 'null'}:{self._element.name()}"
            raise _failed(
                "SpinXPathException",
                f"DOM-XML-01024 Unable to evaluate XPath expression on element '{name}': '{self._path[:100]}' is not among the paths"
                " allowed here",
            )
        found: object = self._element.node().xpath(self._path)
        return found

    def _nodes(self) -> list[object]:
        found = self._found()
        if not isinstance(found, list) or not found:
            raise _failed("SpinXPathException", f"DOM-XML-01035 Unable to find XPath expression '{self._path}'")
        return found

    def elements(self) -> list[XmlElement]:
        return [XmlElement(node=node, weight=self.weight) for node in self._nodes() if isinstance(node, etree._Element)]

    def element(self) -> XmlElement:
        elements = self.elements()
        if not elements:
            raise _failed("SpinXPathException", "DOM-XML-01025 Unable to cast XPath expression to element")
        return elements[0]

    def attributes(self) -> list[XmlAttribute]:
        nodes = self._nodes()
        return [XmlAttribute(str(getattr(node, "attrname", "")), str(node)) for node in nodes if getattr(node, "is_attribute", False)]

    def attribute(self) -> XmlAttribute:
        attributes = self.attributes()
        if not attributes:
            raise _failed("SpinXPathException", "DOM-XML-01025 Unable to cast XPath expression to attribute")
        return attributes[0]

    def string(self) -> str:
        found = self._found()
        first = found[0] if isinstance(found, list) and found else found
        if isinstance(first, etree._Element):
            return XmlElement(node=first).text_content()
        return "" if isinstance(first, list) else str(first)

    def number(self) -> float:
        found = self._found()
        try:
            return found if isinstance(found, float) else float(self.string())
        except ValueError:
            return float("nan")

    def boolean(self) -> bool:
        return bool(self._found())
