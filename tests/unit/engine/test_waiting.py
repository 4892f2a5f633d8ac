"""Which commands share a batch, and whose turn it is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from api.engine.submission import Submission, Waiting
from domain.batch_commands import DeleteBatch
from domain.commands import Command, DeleteProcessInstance, SetExternalTaskPriority
from domain.ids import make_id, part_id

ONE = make_id(1, 0)
TASK = part_id(ONE, 10)


def taken(*commands: Command, limit: int = 10) -> list[list[Command]]:
    """The batches in which commands are taken that have all arrived."""

    async def take() -> list[list[Command]]:
        waiting = Waiting()
        for command in commands:
            waiting.add(Submission(command, ONE, None, False))
        batches = []
        while len(waiting):
            batches.append(commands_of(waiting.take(limit)))
        return batches

    return asyncio.run(take())


def commands_of(submissions: Sequence[Submission]) -> list[Command]:
    return [submission.command for submission in submissions]


def test_a_command_about_many_things_is_a_batch_of_its_own_at_its_place() -> None:
    first, many, last = SetExternalTaskPriority(TASK, 1), DeleteBatch("a"), SetExternalTaskPriority(TASK, 2)

    assert taken(first, many, last) == [[first], [many], [last]]


def test_an_instance_as_a_whole_is_the_matter_of_one_command_of_a_batch() -> None:
    whole, part = DeleteProcessInstance(ONE), SetExternalTaskPriority(TASK, 1)

    assert taken(whole, part) == [[whole], [part]]


def test_what_was_put_back_comes_first_again() -> None:
    async def again() -> list[list[Command]]:
        waiting, commands = Waiting(), [DeleteBatch("a"), DeleteBatch("b")]
        for command in commands:
            waiting.add(Submission(command, ONE, None, False))
        waiting.put_back(waiting.take(1))
        return [commands_of(waiting.take(1)), commands_of(waiting.drain())]

    assert asyncio.run(again()) == [[DeleteBatch("a")], [DeleteBatch("b")]]
