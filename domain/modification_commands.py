"""The command that moves the tokens of an instance by hand."""

from __future__ import annotations

import msgspec

from domain.instructions import Instruction


class ModifyProcessInstance(msgspec.Struct, frozen=True):
    """Carry out instructions in order, all or none; an instance in which nothing is left ends."""

    instance_id: str
    instructions: tuple[Instruction, ...]
    skip_io_mappings: bool = False
    annotation: str | None = None
