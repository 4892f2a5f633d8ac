"""Service, send and business rule tasks, and message events that work like them: external tasks (BPMN page §3), or expressions."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.elements import ErrorDefinition, ExpressionTask, ExternalTask
from domain.parsing.attributes import check_priority, read_continuations
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.markup import extension, extension_elements, tag_of
from domain.parsing.reading import PARSING_FAILED, Reading
from domain.parsing.scope import Node, Scope, common
from domain.refusals import ExecutionFailed

_FORMS = ("class", "delegateExpression", "expression")
_JAVA = {"class": "Java classes (camunda:class)", "delegateExpression": "Java delegates (camunda:delegateExpression)"}
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "mail": {"No recipient is defined on the mail activity": ("to",), "Text or html field should be provided": ("text", "html")},
    "shell": {"No shell command is defined on the shell activity": ("command",)},
}
_RESULT_MAPPERS = ("singleEntry", "singleResult", "collectEntries", "resultList")
_MANDATORY = "One of the attributes 'class', 'delegateExpression', 'type', or 'expression' is mandatory on"
_CONNECTOR = " If you are using a connector, make sure the connect process engine plugin is registered with the process engine."


def read_service_task(reading: Reading, scope: Scope, node: Node) -> None:
    """Read a service task, or a business rule task."""
    if tag_of(node.xml) == "businessRuleTask" and extension(node.xml, "decisionRef") is not None:
        _read_decision(reading, node)
        return
    read_continuations(reading, node.xml, node)
    read_implementation(reading, scope, node, node.xml)
    read_execution_listeners(reading, node.xml)
    require_implementation(reading, node.xml, tag_of(node.xml))


def read_send_task(reading: Reading, scope: Scope, node: Node) -> None:
    """Read a send task, whose error for a missing implementation is an older one."""
    read_continuations(reading, node.xml, node)
    if is_service_like(node.xml):
        read_implementation(reading, scope, node, node.xml)
        read_execution_listeners(reading, node.xml)
        require_implementation(reading, node.xml, "sendTask")
    else:
        read_execution_listeners(reading, node.xml)
        reading.error(f"{_MANDATORY} sendTask.", node.xml)


def is_service_like(element: Element) -> bool:
    """Tell whether an element says in Camunda's ways how its work is done."""
    return any(extension(element, name) is not None for name in (*_FORMS, "type")) or bool(extension_elements(element, "connector"))


def read_implementation(reading: Reading, scope: Scope, node: Node, element: Element) -> None:
    """Read how the work of a node is done; `element` is the node itself or its message event definition."""
    kind = extension(element, "type")
    if kind is not None:
        _read_type(reading, scope, node, element)
        return
    name = next((name for name in _FORMS if _is_given(element, name)), None)
    result = extension(element, "resultVariable") or extension(element, "resultVariableName")
    if name in ("class", "delegateExpression") and result is not None:
        reading.error(f"'resultVariableName' not supported for {_name(node, element)} elements using '{name}'", element)
    if name == "expression":
        expression = reading.expression(extension(element, name) or "")
        node.flow_node = ExpressionTask(**common(node, scope), expression=expression, result_variable=result)
    elif name is not None:
        reading.never(element, _JAVA[name], node.id)
    if name == "delegateExpression":
        reading.optional(extension(element, name))


def require_implementation(reading: Reading, element: Element, name: str) -> None:
    """Note an error if there is nothing that says how the work is done."""
    kind = (extension(element, "type") or "").lower()
    known = kind in ("external", "mail", "shell") or (
        extension(element, "type") is None and any(_is_given(element, form) for form in _FORMS)
    )
    if extension_elements(element, "connector"):
        reading.never(element, "connectors")
    if not known:
        reading.error(f"{_MANDATORY} {name}.{_CONNECTOR}", element)


def _is_given(element: Element, name: str) -> bool:
    text = extension(element, name)
    return text is not None and (name == "delegateExpression" or bool(text.strip()))


def _read_type(reading: Reading, scope: Scope, node: Node, element: Element) -> None:
    kind = extension(element, "type") or ""
    match kind.lower():
        case "external":
            _read_external(reading, scope, node, element)
        case "mail" | "shell":
            _check_fields(reading, element, kind.lower())
            reading.never(element, f"{kind.lower()} tasks", node.id)
        case _:
            reading.error(f"Invalid usage of type attribute on {_name(node, element)}: '{kind}'", element)


def _read_external(reading: Reading, scope: Scope, node: Node, element: Element) -> None:
    topic = extension(element, "topic")
    if topic is None:
        reading.error("External tasks must specify a 'topic' attribute in the camunda namespace", element)
    priority = check_priority(reading, element, "taskPriority")
    node.flow_node = ExternalTask(
        **common(node, scope),
        topic=reading.expression(topic or ""),
        priority=reading.optional(priority),
        error_definitions=tuple(_error_definitions(reading, element)),
    )


def _error_definitions(reading: Reading, element: Element) -> list[ErrorDefinition]:
    """Read `camunda:errorEventDefinition`; Camunda ignores one without `errorRef`."""
    found = []
    for definition in extension_elements(element, "errorEventDefinition"):
        reference = definition.get("errorRef")
        if reference is not None:
            declared = reading.declared_errors.get(reference)
            code = reference if declared is None else declared.code
            found.append(ErrorDefinition(code, reading.expression(_expression_of(definition))))
    return found


def _expression_of(definition: Element) -> str:
    text = definition.get("expression")
    if text is None:
        raise ExecutionFailed(f'{PARSING_FAILED} Cannot invoke "String.length()" because "this.input" is null.')
    return text


def _check_fields(reading: Reading, element: Element, kind: str) -> None:
    """Check that the fields are there which a mail or shell task cannot do without."""
    given = {field.get("name") for field in extension_elements(element, "field")}
    for message, names in _FIELDS[kind].items():
        if given.isdisjoint(names):
            reading.error(message, element)


def _read_decision(reading: Reading, node: Node) -> None:
    read_continuations(reading, node.xml, node)
    if extension(node.xml, "decisionRefBinding") == "version" and extension(node.xml, "decisionRefVersion") is None:
        reading.error("Missing attribute 'decisionRefVersion' when 'decisionRefBinding' has value 'version'", node.xml)
    mapper = extension(node.xml, "mapDecisionResult")
    if mapper is not None and mapper not in _RESULT_MAPPERS and extension(node.xml, "resultVariable") is not None:
        supported = "Supported mappers are 'singleEntry', 'singleResult', 'collectEntries' and 'resultList'."
        reading.error(f"No decision result mapper found for name '{mapper}'. {supported}", node.xml)
    read_execution_listeners(reading, node.xml)
    reading.never(node.xml, "decisions (camunda:decisionRef)")


def _name(node: Node, element: Element) -> str:
    return tag_of(element) if element is node.xml else node.kind
