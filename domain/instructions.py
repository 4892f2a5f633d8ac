"""Instructions that move the tokens of an instance by hand, or say where a new instance begins (REST contract §10.3, §10.4)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.values import Value


class StartBefore(msgspec.Struct, frozen=True, array_like=True, tag="startBeforeActivity"):
    """Put a token before an element. `ancestor` is the id of an activity instance around it, where there are several to choose from.

    Variables are set as seen from the scope around the element. Local ones are the token's own where it is beside others, else of that
    scope.
    """

    element_id: str
    ancestor: str | None = None
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}


class StartAfter(msgspec.Struct, frozen=True, array_like=True, tag="startAfterActivity"):
    """Put a token on the only flow that leaves an element."""

    element_id: str
    ancestor: str | None = None
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}


class StartOnFlow(msgspec.Struct, frozen=True, array_like=True, tag="startTransition"):
    """Put a token on a flow."""

    flow_id: str
    ancestor: str | None = None
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}


class CancelElement(msgspec.Struct, frozen=True, array_like=True, tag="cancelActivity"):
    """Cancel all instances of an element, and tokens that wait for a job at its border."""

    element_id: str


class CancelInstance(msgspec.Struct, frozen=True, array_like=True, tag="cancelActivityInstance"):
    """Cancel one activity instance."""

    activity_instance_id: str


class CancelTransition(msgspec.Struct, frozen=True, array_like=True, tag="cancelTransitionInstance"):
    """Cancel one token that waits for a job at the border of an element."""

    transition_instance_id: str


StartInstruction: TypeAlias = StartBefore | StartAfter | StartOnFlow
Instruction: TypeAlias = StartInstruction | CancelElement | CancelInstance | CancelTransition
