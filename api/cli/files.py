"""Files that a command is given by their paths."""

from __future__ import annotations

from pathlib import Path

from api.cli.refusal import CommandRefused


def read_file(path: Path) -> bytes:
    """A file's content. Raise CommandRefused when it cannot be read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CommandRefused(f"the file '{path}' cannot be read: {reason}") from error
