"""How long a year of uptime takes to make from the journals: cold, incremental, and beside a count.

``python -m benchmarks.uptime [--scale 0.05]`` starts an embedded PostgreSQL of its own, fills it
(at scale 1: 10 000 EVSEs of 5 000 stations with 20 000 000 rows of status and connection journals
over twelve months), and prints JSON. ``cold`` makes all days and outages; ``incremental`` brings
every station up to date after it told something new; ``quiet`` after nothing; ``report`` is the
twelve months by month as the page shows them; ``count`` a plain SQL count over the same rows.
Seconds by the clock and of processor time, of this process and of PostgreSQL. ``--profile``: where
the time goes, to standard error. docs/performance.md has figures.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.scratch import ROOT, scratch_portal


def main() -> None:
    """Start the servers, make the tables, measure in a process that knows them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--profile", action="store_true", help="where the time goes, to stderr")
    options = parser.parse_args()
    with scratch_portal() as environ:
        measure = [sys.executable, "-m", "benchmarks.uptime_store", "--scale", str(options.scale)]
        measure += ["--profile"] if options.profile else []
        subprocess.run(measure, cwd=ROOT, check=True, env=environ)


if __name__ == "__main__":
    main()
