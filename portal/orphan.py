"""Ends a process whose supervisor is gone, so that nothing of a killed demo holds its ports."""

from __future__ import annotations

import os
import signal
import threading
import time

from portal.processes import Identity

SUPERVISOR_VARIABLE = "PORTAL_SUPERVISOR"
_POLL_S = 0.5
_GRACE_S = 10.0
_watcher: threading.Thread | None = None


def watch() -> None:
    """Start the watcher once; without ``PORTAL_SUPERVISOR`` (``pid:start``) nothing happens."""
    global _watcher  # noqa: PLW0603 - one watcher per process is the point
    supervisor = Identity.parse(os.environ.get(SUPERVISOR_VARIABLE, ""))
    if supervisor is None or (_watcher is not None and _watcher.is_alive()):
        return
    _watcher = threading.Thread(target=_poll, args=(supervisor,), name="orphan-watch", daemon=True)
    _watcher.start()


def _poll(supervisor: Identity) -> None:
    while supervisor.is_alive():
        time.sleep(_POLL_S)
    # SIGTERM lets the process finish in order; what hangs is ended after the grace.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_S)
    os._exit(1)
