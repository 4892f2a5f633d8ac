"""Commands on their way: which of them begin a stream under their own id, so that an id that is taken is told from a repetition."""

from __future__ import annotations

import asyncio

import pytest

from api.engine.submission import Submission
from domain.commands import Command, CreateDeployment, DeleteDeployment, StartProcessInstance, SuspendProcessInstance
from domain.event_commands import BroadcastSignal, CorrelateMessage
from domain.ids import aggregate_id
from domain.job_commands import SuspendJobDefinitions

ID, OTHER_ID = "0193f000-0000-7abc-8abc-def000000000", "0193f000-0000-7abc-8abc-def100000000"


async def submission(command: Command) -> Submission:
    return Submission(command, ID, None, maybe_done=True)


@pytest.mark.parametrize(
    "command",
    [
        StartProcessInstance("p:1:d"),
        CreateDeployment("d", None, None, ()),
        CorrelateMessage(name="m"),
        BroadcastSignal("s"),
        SuspendJobDefinitions((), True),
        DeleteDeployment(OTHER_ID, True),
        SuspendProcessInstance(OTHER_ID, True),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_command_whose_stream_has_its_own_id_says_with_what_it_begins(command: Command) -> None:
    submitted = asyncio.run(submission(command))

    assert submitted.begins_a_stream == (submitted.stream_id == aggregate_id(ID))
