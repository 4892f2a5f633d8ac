"""User tasks (BPMN page §6)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from domain.elements import UserTask
from domain.expressions import Expression
from domain.parsing.attributes import SPACE, documentation, read_continuations
from domain.parsing.forms import read_form_key
from domain.parsing.listeners import read_execution_listeners, read_task_listeners
from domain.parsing.markup import child, children, extension, text_of
from domain.parsing.reading import Reading
from domain.parsing.scope import Node, Scope, common


def read_user_task(reading: Reading, scope: Scope, node: Node) -> None:
    """Read a user task; its attributes are expressions that are computed when the task is created."""
    element = node.xml
    read_continuations(reading, element, node)
    form_key = read_form_key(reading, element)
    name, description = reading.optional(element.get("name")), reading.optional(documentation(element))
    assignee = _assignee(reading, element)
    users, groups = _candidates(reading, element)
    read_task_listeners(reading, element)
    node.flow_node = UserTask(
        **common(node, scope),
        task_name=name,
        description=description,
        assignee=assignee,
        due_date=reading.optional(extension(element, "dueDate")),
        follow_up_date=reading.optional(extension(element, "followUpDate")),
        priority=reading.optional(extension(element, "priority")),
        form_key=form_key,
        candidate_users=users,
        candidate_groups=groups,
    )
    read_execution_listeners(reading, element)


def comma_separated(text: str) -> Iterator[str]:
    """Yield the parts between the commas that stand outside expressions."""
    part, inside = "", False
    for character in text:
        if character in "{$":
            inside = True
        elif character == "}":
            inside = False
        if character == "," and not inside:
            yield part.strip(SPACE)
            part = ""
        else:
            part += character
    if part:
        yield part.strip(SPACE)


def _assignee(reading: Reading, element: Element) -> Expression | None:
    performers = list(children(element, "humanPerformer"))
    if len(performers) > 1:
        name = element.get("name")
        reading.error(f"Invalid task definition: multiple humanPerformer sub elements defined for {name or 'null'}", element)
    performer = None if len(performers) != 1 else reading.optional(_assigned(performers[0]))
    assignee = extension(element, "assignee")
    if assignee is None:
        return performer
    if performer is not None:
        reading.error(f"Invalid usage: duplicate assignee declaration for task {element.get('name') or 'null'}", element)
    return reading.expression(assignee)


def _candidates(reading: Reading, element: Element) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """Return candidate users and groups; of `potentialOwner`, what is neither `user(…)` nor `group(…)` is a group."""
    users, groups = [], []
    for owner in children(element, "potentialOwner"):
        for one in comma_separated(_assigned(owner) or ""):
            if one.startswith("user("):
                users.append(one[len("user(") : -1].strip(SPACE))
            else:
                groups.append(one[len("group(") : -1].strip(SPACE) if one.startswith("group(") else one)
    users += comma_separated(extension(element, "candidateUsers") or "")
    groups += comma_separated(extension(element, "candidateGroups") or "")
    return tuple(map(reading.expression, users)), tuple(map(reading.expression, groups))


def _assigned(performer: Element) -> str | None:
    assignment = child(performer, "resourceAssignmentExpression")
    expression = None if assignment is None else child(assignment, "formalExpression")
    return None if expression is None else text_of(expression)
