"""Multi-instance (BPMN page §9): Camunda's checks only, gesta does not run it yet. Standard loops are ignored, as Camunda does."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.parsing.markup import child, extension, text_of
from domain.parsing.reading import Reading


def read_loop(reading: Reading, activity: Element) -> bool:
    """Check the multi-instance characteristics of an activity, and tell whether there are any."""
    loop = child(activity, "multiInstanceLoopCharacteristics")
    if loop is None:
        return False
    body = f"{activity.get('id')}#multiInstanceBody"
    cardinality = _text(loop, "loopCardinality")
    if cardinality == "":
        reading.error("loopCardinality must be defined for a multiInstanceLoopCharacteristics definition ", loop, body)
    collection = _collection(loop)
    for text in (cardinality, _text(loop, "completionCondition"), collection if collection and "{" in collection else None):
        reading.optional(text)
    if cardinality is None and collection is None:
        reading.error("Either loopCardinality or loopDataInputRef/activiti:collection must be set", loop, body)
    if collection is None and _element_variable(loop) is not None:
        text = "LoopDataInputRef/activiti:collection must be set when using inputDataItem or activiti:elementVariable"
        reading.error(text, loop, body)
    reading.not_yet(activity, "multi-instance activities")
    return True


def _collection(loop: Element) -> str | None:
    reference = _text(loop, "loopDataInputRef")
    return extension(loop, "collection") if reference is None else reference


def _element_variable(loop: Element) -> str | None:
    item = child(loop, "inputDataItem")
    return extension(loop, "elementVariable") if item is None else item.get("name")


def _text(parent: Element, name: str) -> str | None:
    element = child(parent, name)
    return None if element is None else text_of(element)
