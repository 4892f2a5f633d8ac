"""What moving tokens by hand leaves, for tests of it."""

from __future__ import annotations

from domain.facts import ElementActivated, ElementTerminated, ExternalTaskCancelled, ProcessInstanceModified
from domain.ids import part_id
from domain.instructions import Instruction
from domain.refusals import NotValid
from tests.unit.domain.given import INSTANCE, Happened, Refused, creates, of_instance, of_task


def modified(*instructions: Instruction, skip_io_mappings: bool = False) -> list[Happened]:
    """Somebody moved tokens."""
    return of_instance(ProcessInstanceModified(instructions, skip_io_mappings))


def activates(key: int, element: str, *outer: int) -> list[Happened]:
    """An external task that no flow leads to; `outer` are the keys of the scopes around it."""
    return [*of_instance(ElementActivated(key, element, outer[0] if outer else 0)), *creates(key, element, *outer)]


def cancels(key: int) -> list[Happened]:
    """An external task is cancelled."""
    return [*of_task(key, ExternalTaskCancelled()), *of_instance(ElementTerminated(key))]


def not_valid(text: str) -> Refused:
    """What is refused because it is not there."""
    return Refused(NotValid, f"Cannot perform instruction: {text}")


def activity(element: str, key: int) -> str:
    """The id of an activity instance."""
    return f"{element}:{part_id(INSTANCE, key)}"
