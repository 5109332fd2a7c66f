"""How fast rated sessions become issued, numbered invoices, beside plainly inserting their rows.

``python -m benchmarks.invoicing [--sessions 100000] [--accounts 5000]`` starts an embedded
PostgreSQL and Valkey of its own, and prints what ``benchmarks.invoicing_store`` measures there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from portal.embedded import servers

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Start the servers, make the tables, measure in a process that knows them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--accounts", type=int, default=5_000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as folder,
        servers(Path(folder), durable=False, environ={}, temporary=True) as pair,
    ):
        environ = os.environ | pair.urls | {
            "PORTAL_ENV": "development",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "LOG_LEVEL": "warning",
        }  # fmt: skip
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
        subprocess.run(migrate, cwd=ROOT, check=True, env=environ)
        measure = [sys.executable, "-m", "benchmarks.invoicing_store"]
        measure += [str(options.sessions), str(options.accounts)]
        subprocess.run(measure, cwd=ROOT, check=True, env=environ)


if __name__ == "__main__":
    main()
