"""Processes by pid and start time, so that a reused pid is never taken for the old process."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass

import psutil

# Start times are computed from the boot time, which clock corrections move a little.
_TOLERANCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Identity:
    """One process of this machine; written as ``pid:start-time``."""

    pid: int
    started: float

    def __str__(self) -> str:
        return f"{self.pid}:{self.started:.2f}"

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """The identity of a living process; None when there is none."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return cls(pid, process.create_time())
        except (psutil.Error, ValueError, OverflowError):
            return None

    @classmethod
    def parse(cls, text: str) -> Identity | None:
        """Read ``pid:start-time``; None when it is not that."""
        pid, _separator, started = text.strip().partition(":")
        try:
            return cls(int(pid), float(started))
        except ValueError:
            return None

    @classmethod
    def mine(cls) -> Identity:
        """The identity of the calling process."""
        return cls(os.getpid(), psutil.Process().create_time())

    def is_alive(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        now = Identity.of(self.pid)
        return now is not None and abs(now.started - self.started) <= _TOLERANCE_S

    def wait(self, patience_s: float) -> bool:
        """Wait for the end; True when it came within the patience."""
        until = time.monotonic() + patience_s
        while self.is_alive():
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)
        return True

    def send(self, number: signal.Signals) -> None:
        """Signal this very process; nothing happens when it is gone."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def end(identity: Identity, *, patience_s: float, polite: signal.Signals = signal.SIGTERM) -> None:
    """End a process: politely first, after the patience with SIGKILL."""
    identity.send(polite)
    if not identity.wait(patience_s):
        identity.send(signal.SIGKILL)
        identity.wait(5.0)
