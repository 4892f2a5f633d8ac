"""Instructions of starts and modifications as requests write them (REST contract §10.3, §10.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from api.rest.coercions import Flag, Object, Text, or_else, shown, to_flag, to_objects, to_text
from api.rest.errors import RestError, invalid_request
from api.rest.json_body import JsonObject, field
from api.rest.variables import read_variables
from domain.instructions import (
    CancelElement,
    CancelInstance,
    CancelTransition,
    Instruction,
    StartAfter,
    StartBefore,
    StartInstruction,
    StartOnFlow,
)
from domain.values import Value

_CANCELLED = ("activityId", "activityInstanceId", "transitionInstanceId")
_CANCEL = f"exactly one, '{_CANCELLED[0]}', '{_CANCELLED[1]}', or '{_CANCELLED[2]}', is required"


class StartInstructionDto(JsonObject):
    """Where a new instance begins. A variable is `local` to the scope around the element, or else goes to the nearest that has it."""

    type: Literal["startBeforeActivity", "startAfterActivity", "startTransition"]
    activity_id: Text = None
    transition_id: Text = None
    variables: Object = None


class InstructionDto(JsonObject):
    """What is to be done to the tokens of an instance."""

    type: Literal["cancel", "startBeforeActivity", "startAfterActivity", "startTransition"]
    activity_id: Text = None
    transition_id: Text = None
    activity_instance_id: Text = None
    transition_instance_id: Text = None
    ancestor_activity_instance_id: Text = None
    cancel_current_active_activity_instances: Flag = False
    variables: Object = None


StartInstructions = Annotated[tuple[StartInstructionDto, ...], BeforeValidator(or_else(to_objects, ()))]
Instructions = Annotated[tuple[InstructionDto, ...], BeforeValidator(or_else(to_objects, ()))]


def read_instructions(body: Mapping[str, Any]) -> tuple[Instruction, ...]:
    """The instructions of a modification."""
    return tuple(_read(entry) for entry in field(body, "instructions", to_objects) or ())


def read_start_instructions(body: Mapping[str, Any]) -> tuple[StartInstruction, ...]:
    """The instructions of a start; there is nothing to cancel yet."""
    read = [_read(entry) for entry in field(body, "startInstructions", to_objects) or ()]
    return tuple(instruction for instruction in read if isinstance(instruction, StartInstruction))


def _read(entry: dict[str, Any]) -> Instruction:
    kind = field(entry, "type", to_text)
    if kind == "cancel":
        return _read_cancellation(entry)
    if kind not in _STARTS:
        raise invalid_request(f"type: one of cancel, {', '.join(_STARTS)} is due, not {shown(kind)}")
    name, make = _STARTS[kind]
    named = field(entry, name, to_text)
    if named is None:
        raise _unfit(kind, f"'{name}' must be set")
    variables, local = _read_variables(entry)
    return make(named, field(entry, "ancestorActivityInstanceId", to_text), variables, local)


_STARTS: Mapping[str, tuple[str, Callable[[str, str | None, dict[str, Value], dict[str, Value]], StartInstruction]]] = {
    "startBeforeActivity": ("activityId", StartBefore),
    "startAfterActivity": ("activityId", StartAfter),
    "startTransition": ("transitionId", StartOnFlow),
}


def _read_cancellation(entry: dict[str, Any]) -> Instruction:
    named: Sequence[str | None] = [field(entry, name, to_text) for name in _CANCELLED]
    match named:
        case (str(element_id), None, None):
            return CancelElement(element_id)
        case (None, str(activity_instance_id), None):
            return CancelInstance(activity_instance_id)
        case (None, None, str(transition_instance_id)):
            return CancelTransition(transition_instance_id)
        case _:
            raise _unfit("cancel", _CANCEL)


def _unfit(kind: str, why: str) -> RestError:
    return invalid_request(f"For instruction type '{kind}': {why}")


def _read_variables(entry: dict[str, Any]) -> tuple[dict[str, Value], dict[str, Value]]:
    """The variables of an instruction, and its local ones."""
    written = entry.get("variables")
    variables = read_variables(written)
    local = {name for name, one in (written or {}).items() if isinstance(one, dict) and field(one, "local", to_flag)}
    return {n: v for n, v in variables.items() if n not in local}, {n: v for n, v in variables.items() if n in local}
