"""How fast sites are chosen and how good the first answer is: ``python -m benchmarks.planning``.

Prints JSON with the load of the machine beside it. Made-up instances of the three models in several
sizes, each solved twice: with 2 s (the gap of what a heuristic has by then) and with ``--limit``
seconds. ``--quick`` takes the small ones, ``--only`` those whose name begins so. ``--peer-python``
names the Python of an environment with PySAL's ``spopt`` (which brings PuLP and CBC): each p-median
and cover is solved by it as well, in a process of its own, as is ours. Files of the OR-Library
(``pmed1.txt`` and so on) can be named instead.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from planning.management.quiet import libraries_on_stderr
from planning.solving.cover_sets import cover
from planning.solving.neighbours import within
from planning.solving.parsing import parse_problem
from planning.solving.paths import all_distances
from planning.solving.plan import Plan
from planning.solving.problems import Covering, Median
from planning.solving.solve import solve

SOON_S = 2.0
PEER = Path(__file__).with_name("planning_peer.py")
QUICK = ("p-median 200/10", "mclp 800/800/20", "flow-refuelling 25/5")


def median(size: int, count: int) -> dict[str, Any]:
    """A connected network of random costs, as dense as those of the OR-Library."""
    chance = random.Random(size)
    ring = [[one, one % size + 1, chance.randint(1, 100)] for one in range(1, size + 1)]
    more = [
        [chance.randint(1, size), chance.randint(1, size), chance.randint(1, 100)]
        for _ in range(size * size // 50)
    ]
    return {"model": "p-median", "p": count, "edges": ring + more}


def covering(demands: int, candidates: int, count: int) -> dict[str, Any]:
    """Demand in clusters, as people live."""
    chance = random.Random(demands)
    towns = [(chance.uniform(0, 10_000), chance.uniform(0, 10_000)) for _ in range(30)]

    def place() -> list[int]:
        x, y = chance.choice(towns)
        return [round(chance.gauss(x, 600)), round(chance.gauss(y, 600))]

    return {
        "model": "mclp", "p": count, "radius": 400,
        "demand": [[*place(), chance.randint(1, 100)] for _ in range(demands)],
        "candidates": [place() for _ in range(candidates)],
    }  # fmt: skip


def refuelling(size: int, count: int) -> dict[str, Any]:
    """Each vertex joined to the three that are nearest."""
    chance = random.Random(size)
    at = [complex(chance.uniform(0, 100), chance.uniform(0, 100)) for _ in range(size)]
    edges = []
    for one, here in enumerate(at):
        near = sorted((round(abs(here - there), 1), other) for other, there in enumerate(at))
        edges += [[one + 1, other + 1, far] for far, other in near[1:4]]
    ends = [[one, other] for one in range(1, size + 1) for other in range(1, one)]
    flows = [[*pair, chance.randint(1, 50)] for pair in ends]
    return {"model": "flow-refuelling", "p": count, "range": 50, "edges": edges, "flows": flows}


def library(path: Path) -> dict[str, Any]:
    """A p-median of the OR-Library."""
    numbers = [int(word) for word in path.read_text().split()]
    edges = [numbers[at : at + 3] for at in range(3, 3 + 3 * numbers[1], 3)]
    return {"model": "p-median", "n": numbers[0], "p": numbers[2], "edges": edges}


def instances() -> dict[str, dict[str, Any]]:
    """All sizes by name."""
    return {
        **{
            f"p-median {n}/{p}": median(n, p)
            for n, p in ((200, 10), (400, 5), (900, 10), (900, 90))
        },
        **{
            f"mclp {n}/{m}/{p}": covering(n, m, p)
            for n, m, p in ((800, 800, 20), (2000, 500, 20), (10_000, 2000, 20))
        },
        **{f"flow-refuelling {n}/{p}": refuelling(n, p) for n, p in ((25, 5), (100, 10))},
    }


def measure(item: dict[str, Any], limit_s: float) -> dict[str, Any]:
    """Times, objective and bound, and how far the answer of 2 s was from the best known."""
    start = time.perf_counter()
    parse_problem(item)
    read_s = time.perf_counter() - start
    soon = solve(parse_problem({**item, "time_limit": SOON_S}))
    late = solve(parse_problem({**item, "time_limit": limit_s}))
    return {
        "read_s": round(read_s, 3),
        "seconds": round(late.seconds, 2),
        "objective": late.objective,
        "gap": late.gap,
        "gap_after_2_s": _apart(soon, late),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _apart(soon: Plan, late: Plan) -> float | None:
    if soon.objective is None or not late.objective:
        return None
    return abs(soon.objective - late.objective) / late.objective


def beside(item: dict[str, Any], peer: str, limit_s: float) -> dict[str, Any]:
    """The same instance by the peer and by ours, each in a process of its own."""
    given = json.dumps({**item, "time_limit": limit_s})
    theirs = _run([peer, str(PEER)], given)
    ours = _run([sys.executable, "-m", "benchmarks.planning", "--one"], given)
    found: dict[str, Any] = {"ours": ours, "peer": theirs}
    if "build_s" in theirs and "build_s" in ours:
        found["build_ratio"] = round(theirs["build_s"] / max(ours["build_s"], 1e-3), 1)
        total = theirs["build_s"] + theirs["solve_s"]
        found["total_ratio"] = round(total / max(ours["build_s"] + ours["solve_s"], 1e-3), 1)
    return found


def _run(command: list[str], given: str) -> dict[str, Any]:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": done.stderr.strip()[-300:]}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def one() -> None:
    """A problem from standard input: reading it, then everything else (its model too)."""
    item = json.load(sys.stdin)
    start = time.perf_counter()
    problem = parse_problem(item)
    if isinstance(problem, Covering):
        cover_in_reach(problem)
    elif isinstance(problem, Median) and problem.network is not None:
        all_distances(problem.network)
    build_s = time.perf_counter() - start
    with libraries_on_stderr():
        plan = solve(problem)
    print(
        json.dumps(
            {
                "build_s": round(build_s, 3),
                "solve_s": round(plan.seconds, 2),
                "objective": plan.objective,
                "gap": plan.gap,
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


def cover_in_reach(problem: Covering) -> None:
    """What the model of a cover is made of."""
    near = within(problem.demand, problem.candidates, problem.radius, problem.metric)
    cover(near, problem.weights, np.arange(len(problem.candidates)), len(problem.candidates))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="instances whose name begins so")
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--peer-python", default="")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.one:
        one()
        return
    chosen = {path.stem: library(path) for path in options.files} or instances()
    if options.quick and not options.files:
        chosen = {name: chosen[name] for name in QUICK}
    chosen = {name: item for name, item in chosen.items() if name.startswith(options.only)}
    load = os.getloadavg()[0]
    with libraries_on_stderr():
        measured = {name: measure(item, options.limit) for name, item in chosen.items()}
    if options.peer_python:
        for name, item in chosen.items():
            if item["model"] != "flow-refuelling":
                measured[name] |= beside(item, options.peer_python, options.limit)
    told = {"load_before": round(load, 1), "load_after": round(os.getloadavg()[0], 1)}
    print(json.dumps({**told, **measured}, indent=2))


if __name__ == "__main__":
    main()
