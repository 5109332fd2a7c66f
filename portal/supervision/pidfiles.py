"""Pid files under ``var/run``: a start ends what an earlier, killed run left behind."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import Final

from portal.processes import Identity

_PATIENCE_S: Final = 5.0


def end_leftovers(run_dir: Path) -> list[Identity]:
    """End every process that a pid file names, and return those that were alive.

    A pid that was given to another process since is recognised by its start time and left alone.
    """
    ended = []
    for path in sorted(run_dir.glob("*.pid")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            identity = Identity.parse(path.read_text(encoding="utf-8"))
            if identity is not None and identity.is_alive():
                identity.send(signal.SIGTERM)
                ended.append(identity)
    for identity in ended:
        if not identity.wait(_PATIENCE_S):
            _kill_group(identity)
    for path in run_dir.glob("*.pid"):
        path.unlink(missing_ok=True)
    return ended


def _kill_group(identity: Identity) -> None:
    """Kill a process with its children: each was started as the leader of its own group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if identity.is_alive() and os.getpgid(identity.pid) == identity.pid:
            os.killpg(identity.pid, signal.SIGKILL)
    identity.send(signal.SIGKILL)
    identity.wait(_PATIENCE_S)
