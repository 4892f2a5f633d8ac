"""The engine shell: group commit, fetchAndLock, long polls, and reads of live state."""

from api.engine.engine import Engine
from api.engine.fetcher import ShuttingDown
from api.engine.follower import HistoryBehind
from api.engine.polls import QueueFull
from api.engine.store import VersionConflict
from api.engine.submission import CommandIdTaken
from api.engine.writer import DatabaseUnavailable

__all__ = ["CommandIdTaken", "DatabaseUnavailable", "Engine", "HistoryBehind", "QueueFull", "ShuttingDown", "VersionConflict"]
