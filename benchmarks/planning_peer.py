"""The same instance by PySAL's spopt with PuLP and CBC, for ``benchmarks.planning --peer-python``.

Reads one problem as JSON on standard input, prints JSON. It runs in an environment of its own that
has spopt, and imports nothing of the portal. p-median on networks and maximal covering.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from typing import Any

import numpy as np
import pulp
from spopt.locate import MCLP, PMedian


def shortest(problem: dict[str, Any]) -> Any:
    """Costs between all vertices (Floyd, Warshall); of repeated edges the last counts."""
    size = problem.get("n") or max(max(one[0], one[1]) for one in problem["edges"])
    found = np.full((size, size), math.inf)
    np.fill_diagonal(found, 0.0)
    for begin, end, cost in problem["edges"]:
        found[begin - 1, end - 1] = found[end - 1, begin - 1] = cost
    for middle in range(size):
        np.minimum(found, found[:, middle, None] + found[middle], out=found)
    return found


def distances(problem: dict[str, Any]) -> Any:
    """Straight lines between demand and candidates."""
    here = np.array([one[:2] for one in problem["demand"]], dtype=float)
    there = np.array([one[:2] for one in problem["candidates"]], dtype=float)
    return np.hypot(here[:, None, 0] - there[None, :, 0], here[:, None, 1] - there[None, :, 1])


def main() -> None:
    problem = json.load(sys.stdin)
    limit = float(problem.get("time_limit", 60))
    begin = time.perf_counter()
    if problem["model"] == "p-median":
        costs = shortest(problem)
        matrix_s = time.perf_counter() - begin
        model = PMedian.from_cost_matrix(costs, np.ones(len(costs)), p_facilities=problem["p"])
    else:
        costs = distances(problem)
        weights = np.array([one[2] for one in problem["demand"]], dtype=float)
        matrix_s = time.perf_counter() - begin
        model = MCLP.from_cost_matrix(
            costs, weights, service_radius=problem["radius"], p_facilities=problem["p"]
        )
    build_s = time.perf_counter() - begin
    solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=limit, threads=1)
    begin = time.perf_counter()
    model.problem.solve(solver)
    is_solved = model.problem.sol_status in (1, 2)  # optimal, or feasible
    objective = pulp.value(model.problem.objective) if is_solved else None
    print(
        json.dumps(
            {
                "matrix_s": round(matrix_s, 3),
                "build_s": round(build_s, 3),
                "solve_s": round(time.perf_counter() - begin, 2),
                "objective": None if objective is None else abs(objective),
                "status": pulp.LpStatus[model.problem.status],
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
