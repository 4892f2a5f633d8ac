"""Work that would keep the event loop from answering runs in a thread; anything shorter is not worth the way there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

LONG = 200
"""A decision among so many elements is long."""
MANY = 1000
"""A fold of so many facts is long: it takes some 5 ms."""

T = TypeVar("T")


async def in_thread_if(long: bool, work: Callable[[], T]) -> T:
    """Do the work, in a thread if it is long."""
    return await asyncio.to_thread(work) if long else work()
