"""Ends the embedded servers of a supervisor that was killed.

PostgreSQL and Valkey cannot watch over anyone themselves, so this small process does:
``python -m portal.embedded.keeper <supervisor> <record>``.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Final

from portal.embedded.record import Record
from portal.processes import Identity

_POLL_S: Final = 0.5


def keep(supervisor: Identity, record_path: Path) -> None:
    """Wait for the supervisor's end, then end what its record names."""
    while supervisor.is_alive():
        time.sleep(_POLL_S)
    record = Record.read(record_path)
    if record is not None and record.supervisor == str(supervisor):
        record.end_all()
        record_path.unlink(missing_ok=True)


def main() -> int:
    """Run as a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    supervisor = Identity.parse(sys.argv[1])
    if supervisor is None:
        return 2
    keep(supervisor, Path(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
