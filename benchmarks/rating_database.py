"""How fast sessions are priced with the database, beside plainly inserting the same rows.

``python -m benchmarks.rating_database [--sessions 1000] [--profile | --soak]`` starts an embedded
PostgreSQL and Valkey of its own, and prints what ``benchmarks.rating_store`` measures there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.scratch import ROOT, scratch_portal


def main() -> None:
    """Start the servers, make the tables, measure in a process that knows them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000, help="of each tariff and length")
    parser.add_argument("--profile", action="store_true", help="where the time goes, to stderr")
    parser.add_argument("--soak", action="store_true", help="how memory grows along the sessions")
    options = parser.parse_args()
    with scratch_portal() as environ:
        measure = [sys.executable, "-m", "benchmarks.rating_store", str(options.sessions)]
        measure += [f"--{one}" for one in ("profile", "soak") if getattr(options, one)]
        subprocess.run(measure, cwd=ROOT, check=True, env=environ)


if __name__ == "__main__":
    main()
