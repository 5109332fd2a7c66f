"""How fast rated sessions become issued, numbered invoices, beside plainly inserting their rows.

``python -m benchmarks.invoicing [--sessions 100000] [--accounts 5000]`` starts an embedded
PostgreSQL and Valkey of its own, and prints what ``benchmarks.invoicing_store`` measures there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.scratch import ROOT, scratch_portal


def main() -> None:
    """Start the servers, make the tables, measure in a process that knows them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--accounts", type=int, default=5_000)
    options = parser.parse_args()
    with scratch_portal() as environ:
        measure = [sys.executable, "-m", "benchmarks.invoicing_store"]
        measure += [str(options.sessions), str(options.accounts)]
        subprocess.run(measure, cwd=ROOT, check=True, env=environ)


if __name__ == "__main__":
    main()
