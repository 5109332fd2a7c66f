"""How fast sessions are priced with the database, beside plainly inserting the same rows.

``python -m benchmarks.rating_database [--sessions 1000] [--profile | --soak]`` starts an embedded
PostgreSQL and Valkey of its own, and prints what ``benchmarks.rating_store`` measures there.
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
    parser.add_argument("--sessions", type=int, default=1000, help="of each tariff and length")
    parser.add_argument("--profile", action="store_true", help="where the time goes, to stderr")
    parser.add_argument("--soak", action="store_true", help="how memory grows along the sessions")
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
        measure = [sys.executable, "-m", "benchmarks.rating_store", str(options.sessions)]
        measure += [f"--{one}" for one in ("profile", "soak") if getattr(options, one)]
        subprocess.run(measure, cwd=ROOT, check=True, env=environ)


if __name__ == "__main__":
    main()
