"""Continuous integration tests every client: whatever that takes is there."""

from __future__ import annotations

import shutil

import pytest

from tests.acceptance.clients.programs import PROGRAMS


@pytest.mark.parametrize("tool", [tool for program in PROGRAMS for tool in program.tools])
def test_tool_is_there(tool: str) -> None:
    assert shutil.which(tool), f"{tool} is not on the PATH: install it"
