"""What one call costs in processor time: bridge, PostgreSQL, generator and the baselines.

``python -m benchmarks.bridge_processor [--calls 15000] [--runs 3]`` prints JSON, microseconds a
call: of several runs of a fixed number of calls the one that cost least. On a machine that does
other work besides, this says more than calls a second.
"""

from __future__ import annotations

import argparse
from typing import Any

import orjson

from benchmarks.bridge import (
    BASELINES,
    PASSWORD,
    bridge_arguments,
    free_port,
    load,
    postgres_pid,
    process,
    surroundings,
)


def cheapest(plan: dict[str, Any], runs: int) -> dict[str, float]:
    """Microseconds a call of the run that cost least, after one that warms up."""
    load({**plan, "calls": plan["calls"] // 5})
    found: list[dict[str, float]] = [load(plan)["processor_us"] for _ in range(runs)]
    return min(found, key=lambda costs: sum(costs.values()))


def measure(calls: int, runs: int, environ: dict[str, str]) -> dict[str, Any]:
    """Each server under the same load."""
    postgres = postgres_pid(environ)
    servers = {**BASELINES, "bridge": bridge_arguments("bench")}
    figures: dict[str, Any] = {}
    for name, arguments in servers.items():
        port = free_port()
        given = arguments if name == "bridge" else [*arguments, str(port)]
        with process(given, {**environ, "BRIDGE_PORT": str(port)}, port=port) as child:
            figures[name] = cheapest(
                {
                    "port": port,
                    "stations": 100,
                    "seconds": 0,
                    "password": PASSWORD,
                    "calls": calls // 5 if name == "naive" else calls,
                    "watched": {"server": child.pid, "postgres": postgres},
                },
                runs,
            )
    return figures


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=15_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with surroundings() as environ:
        figures = measure(options.calls, options.runs, environ)
        print(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
