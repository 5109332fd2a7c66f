"""Processor time by process: what a call costs, whatever else the machine does meanwhile."""

from __future__ import annotations

import psutil


def spent_s(pid: int) -> float:
    """User and system seconds of a process, its living children and those that ended."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children():
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return float(total)


class Stopwatch:
    """Processor time of named processes from ``start`` on."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._began = self._look()

    def _look(self) -> dict[str, float]:
        return {name: spent_s(pid) for name, pid in self._pids.items()}

    def microseconds_a_call(self, calls: int) -> dict[str, float]:
        """What each process spent on one of ``calls`` so far."""
        now = self._look()
        return {
            name: round((now[name] - began) / max(calls, 1) * 1e6, 1)
            for name, began in self._began.items()
        }
