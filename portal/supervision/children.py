"""Runs the Procfile's processes with honcho and ends them together."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import honcho.manager
from honcho.environ import parse_procfile
from honcho.manager import Manager

from portal.orphan import PID_FILE_VARIABLE, SUPERVISOR_VARIABLE
from portal.processes import Identity

# The worker finishes the tasks at hand, the bridge writes what its stations have sent.
_STOP_S: Final = 20


class Children(Manager):
    """honcho's manager, patient at the end and safe to stop while it still starts."""

    _asked_early = False

    def terminate(self) -> None:
        """End all; while some are just being started, as soon as they have been."""
        if super()._all_started():
            super().terminate()
        else:
            # This runs in a signal handler: only the loop may read the starts from the queue.
            self._asked_early = True

    def _all_started(self) -> bool:
        started = bool(super()._all_started())
        if started and self._asked_early:
            self._asked_early = False
            super().terminate()
        return started


def run(procfile: Path, environ: Mapping[str, str], run_dir: Path, names: set[str]) -> int:
    """Run the named processes until one ends or a signal comes; return the exit code."""
    honcho.manager.KILL_WAIT = _STOP_S
    children = Children()
    commands = parse_procfile(procfile.read_text(encoding="utf-8")).processes
    for name, command in commands.items():
        if name in names:
            children.add_process(
                name,
                command,
                env={
                    **environ,
                    "PYTHON": sys.executable,
                    "PYTHONUNBUFFERED": "1",
                    SUPERVISOR_VARIABLE: str(Identity.mine()),
                    PID_FILE_VARIABLE: str(run_dir / f"{name}.pid"),
                },
                cwd=str(procfile.parent),
            )
    children.loop()
    for path in run_dir.glob("*.pid"):
        path.unlink(missing_ok=True)
    return children.returncode or 0


def procfile_names(procfile: Path) -> list[str]:
    """The names of the processes in a Procfile."""
    return list(parse_procfile(procfile.read_text(encoding="utf-8")).processes)


def environment(urls: Mapping[str, str]) -> dict[str, str]:
    """The environment of the processes: the caller's, with the servers and quiet logs."""
    quiet = {"LOG_FORMAT": "text", "LOG_LEVEL": "warning", "PORTAL_DEMO": "1"}
    return {**quiet, **os.environ, **urls}
