"""Processes of a file, with what stands at their own start tag (BPMN page §2)."""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from domain.elements import ProcessDefinition
from domain.parsing.attributes import check_priority, documentation, java_integer
from domain.parsing.gateways import check_scope
from domain.parsing.markup import extension
from domain.parsing.reading import Reading
from domain.parsing.scope import Scope
from domain.parsing.scopes import read_scope

_DAYS = re.compile(r"P([0-9]+)D")
_NO_TIME_TO_LIVE = (
    "ENGINE-12018 History Time To Live (TTL) cannot be null. TTL is necessary for the History Cleanup to work."
    " The following options are possible:"
    "\n* Set historyTimeToLive in the model"
    "\n* Set a default historyTimeToLive as a global process engine configuration"
    "\n* (Not recommended) Deactivate the enforceTTL config to disable this check"
)


def read_process(reading: Reading, element: Element, *, enforce_history_time_to_live: bool) -> ProcessDefinition:
    """Read a process. The value is worth something only if the reading ends without any error."""
    reading.begin_process()
    job_priority = check_priority(reading, element, "jobPriority")
    task_priority = check_priority(reading, element, "taskPriority")
    priority = reading.optional(task_priority)
    time_to_live = _time_to_live(reading, element, enforce_history_time_to_live)
    scope = Scope(None, element, "process")
    read_scope(reading, scope)
    check_scope(reading, scope)
    nodes = [node.finished() for node in scope.in_document_order()]
    return ProcessDefinition(
        key=element.get("id", ""),
        start=scope.start,
        elements={node.id: node for node in nodes if node is not None},
        name=element.get("name"),
        category=reading.document.root.get("targetNamespace"),
        description=documentation(element),
        version_tag=extension(element, "versionTag"),
        history_time_to_live=time_to_live,
        startable_in_tasklist=(extension(element, "isStartableInTasklist") or "true").lower() == "true",
        task_priority=priority,
        job_priority=reading.optional(job_priority),
        initiator=scope.initiator,
        resource=reading.document.resource,
    )


def _time_to_live(reading: Reading, element: Element, enforced: bool) -> int | None:
    """Return `camunda:historyTimeToLive` in days; it may be written as `P5D`."""
    text = extension(element, "historyTimeToLive")
    if not text:
        if enforced:
            reading.error(f"{_NO_TIME_TO_LIVE}: {_NO_TIME_TO_LIVE}", element)
        return None
    iso = _DAYS.fullmatch(text)
    digits = iso.group(1) if iso else text
    days = java_integer(digits)
    if days is None or days < 0:
        why = f'For input string: "{digits}"' if days is None else "negative value is not allowed"
        reading.error(f"Cannot parse historyTimeToLive: {why}: Cannot parse historyTimeToLive: {why}", element)
    return days
