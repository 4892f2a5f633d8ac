"""Processor time: what work costs on any machine, however busy it is with other things."""

from __future__ import annotations

from collections.abc import Mapping

import psutil


class Meter:
    """Counts from its making on what processes compute, each under a name; of a family, all children together with their parent."""

    def __init__(self, processes: Mapping[str, int], families: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(process_id) for name, process_id in processes.items()}
        self._families = {name: psutil.Process(process_id) for name, process_id in families.items()}
        self._before = self._now()

    def spent(self) -> dict[str, float]:
        """Seconds by name."""
        return {name: now - self._before[name] for name, now in self._now().items()}

    def _now(self) -> dict[str, float]:
        own = {name: own_seconds(process) for name, process in self._processes.items()}
        return own | {name: family_seconds(process) for name, process in self._families.items()}


def own_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def family_seconds(process: psutil.Process) -> float:
    """Of a process and its children, ended ones included."""
    ended = process.cpu_times()
    living = sum(map(own_seconds, process.children(recursive=True)))
    return own_seconds(process) + living + float(ended.children_user + ended.children_system)
