"""Ends a process whose supervisor is gone, so that nothing of a killed demo holds its ports.

A supervisor sets ``PORTAL_SUPERVISOR`` (``pid:start-time``) and ``PORTAL_PID_FILE`` for each
process it starts; without them nothing happens.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Final

from portal.processes import Identity

SUPERVISOR_VARIABLE: Final = "PORTAL_SUPERVISOR"
PID_FILE_VARIABLE: Final = "PORTAL_PID_FILE"
_POLL_S: Final = 0.5
_GRACE_S: Final = 5.0
_NAME: Final = "orphan-watch"


def watch() -> None:
    """Write the pid file and start the watcher, if a supervisor asks for it."""
    supervisor = Identity.parse(os.environ.get(SUPERVISOR_VARIABLE, ""))
    if supervisor is None or any(thread.name == _NAME for thread in threading.enumerate()):
        return
    # Processes started by this one have a parent that is watched already.
    pid_file = os.environ.pop(PID_FILE_VARIABLE, "")
    if pid_file:
        Path(pid_file).write_text(f"{Identity.mine()}\n", encoding="utf-8")
    threading.Thread(target=_poll, args=(supervisor,), name=_NAME, daemon=True).start()


def _poll(supervisor: Identity) -> None:
    while supervisor.is_alive():
        time.sleep(_POLL_S)
    # SIGTERM lets the process finish in order; what hangs is ended after the grace, with the
    # children of its group.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_S)
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
