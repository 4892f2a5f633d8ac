"""Forms: a form key is an expression that clients ask for, everything else about forms is theirs to run."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.expressions import Expression
from domain.parsing.markup import extension, extension_elements
from domain.parsing.reading import Reading

_BINDINGS = ("deployment", "latest", "version")


def read_form_key(reading: Reading, element: Element) -> Expression | None:
    """Return `camunda:formKey`, after Camunda's checks of the form reference."""
    key, reference = extension(element, "formKey"), extension(element, "formRef")
    if key is not None and reference is not None:
        reading.error("Invalid element definition: only one of the attributes formKey and formRef is allowed.", element)
    expression = reading.optional(key)
    if reference is not None:
        _read_reference(reading, element, reference)
    if extension(element, "formHandlerClass") is not None or extension_elements(element, "formData"):
        reading.never(element, "forms (camunda:formData, camunda:formHandlerClass)")
    return expression


def read_start_form(reading: Reading, element: Element) -> None:
    """Check the form of a start event; its form key has no effect on execution."""
    read_form_key(reading, element)


def _read_reference(reading: Reading, element: Element, reference: str) -> None:
    reading.expression(reference)
    binding = extension(element, "formRefBinding")
    if binding not in _BINDINGS:
        text = f"value for formRefBinding attribute has to be one of [{', '.join(_BINDINGS)}] but was {binding or 'null'}"
        reading.error(f"Invalid element definition: {text}", element)
    if binding == "version":
        reading.optional(extension(element, "formRefVersion"))
    reading.never(element, "Camunda Forms (camunda:formRef)")
