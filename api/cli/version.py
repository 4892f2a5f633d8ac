"""`gesta version`: which gesta this is."""

from __future__ import annotations

from importlib.metadata import version as installed_version


def version() -> None:
    """Print gesta's version."""
    print(f"gesta {installed_version('gesta')}")
