"""The record of running embedded servers, ``run/servers.json``, and the lock beside it.

Other commands of the same checkout find the servers through it, the keeper ends the servers of a
killed supervisor by it, and a start ends what an earlier run left.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from portal.processes import Identity, end

_STOP_S: Final = 60.0
_REMOVALS: Final = 20
# PostgreSQL's fast shutdown is SIGINT.
_POLITE: Final = {"postgres": signal.SIGINT}


@dataclass(slots=True)
class Record:
    """What runs: who started it, the addresses, the processes, the folders to remove."""

    supervisor: str
    urls: dict[str, str] = field(default_factory=dict)
    processes: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write privately (the addresses hold a password) and all at once."""
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Record | None:
        """The record; None when there is none or it cannot be read."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def is_alive(self) -> bool:
        """Whether its supervisor and all its processes run."""
        identities = [Identity.parse(text) for text in (self.supervisor, *self.processes.values())]
        return all(identity is not None and identity.is_alive() for identity in identities)

    def end_all(self) -> None:
        """End the processes and remove the folders that lived with them."""
        for name, text in self.processes.items():
            identity = Identity.parse(text)
            if identity is not None:
                end(identity, patience_s=_STOP_S, polite=_POLITE.get(name, signal.SIGTERM))
        self.remove_folders()

    def remove_folders(self) -> None:
        """Remove the socket folder, and the data of a scratch pair."""
        for folder in self.folders:
            # The last process of a killed server may still be writing its last file.
            for _try in range(_REMOVALS):
                shutil.rmtree(folder, ignore_errors=True)
                if not Path(folder).exists():
                    break
                time.sleep(0.1)


class Lock:
    """Held by the process that owns the servers; the kernel frees it however that one ends."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # A forked child would hold the lock on after this process was killed.
        os.register_at_fork(after_in_child=self.release)

    def take(self) -> bool:
        """Whether the lock could be taken."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Free the lock; in a forked child, leave it to the parent alone."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
