"""Who is woken by which news, while everybody is on the way somewhere: no news is lost."""

from __future__ import annotations

import asyncio

import pytest

from api.engine.polls import Poll, Polls
from tests.integration.engines import request

pytestmark = pytest.mark.anyio


def a_poll(polls: Polls, topic: str = "work", known: int | None = None) -> Poll:
    """A parked poll."""
    poll = Poll(request(topic), asyncio.get_running_loop().time() + 20)
    polls.park(poll, polls.news if known is None else known)
    return poll


async def test_each_news_wakes_a_poll_that_has_not_been_woken_yet() -> None:
    polls = Polls(9)
    first, second, third = (a_poll(polls) for _ in range(3))

    polls.wake({"work": 1})
    polls.wake({"work": 1})

    assert (first.is_woken, second.is_woken, third.is_woken) == (True, True, False)


async def test_as_many_polls_are_woken_as_there_are_tasks() -> None:
    polls = Polls(9)
    waiting = [a_poll(polls) for _ in range(4)]
    other = a_poll(polls, topic="other")

    polls.wake({"work": 3, "nobody's": 5})

    assert [poll.is_woken for poll in (*waiting, other)] == [True, True, True, False, False]


async def test_news_that_come_during_a_look_are_looked_at_afterwards() -> None:
    polls = Polls(9)
    poll = a_poll(polls)
    polls.wake({"work": 1})

    looks = [poll.begin_to_look()]
    polls.wake({"work": 1})
    poll.look_before(10)
    looks.append(poll.begin_to_look())

    assert looks == [(True, False), (True, False)]
    assert not poll.is_woken


async def test_news_that_come_between_the_first_look_and_the_wait_are_looked_at() -> None:
    polls = Polls(9)
    known = polls.news
    polls.wake({"work": 1})

    poll = a_poll(polls, known=known)

    assert poll.is_woken


async def test_news_that_a_poll_did_not_look_at_go_to_the_next_one() -> None:
    polls = Polls(9)
    gone, following = a_poll(polls), a_poll(polls)
    polls.wake({"work": 1})

    polls.leave(gone)

    assert following.is_woken
    assert len(polls) == 1


async def test_news_that_fit_nobody_go_round_once() -> None:
    polls = Polls(9)
    waiting = [a_poll(polls) for _ in range(3)]
    polls.wake({"work": 1})

    for poll in waiting:
        poll.begin_to_look()
        polls.pass_on(poll)

    assert [poll.is_woken for poll in waiting] == [False] * 3
