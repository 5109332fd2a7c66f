"""Solves a problem of any model (pure)."""

from __future__ import annotations

from collections.abc import Callable

from planning.solving.covering import solve_covering
from planning.solving.median import solve_median
from planning.solving.plan import Plan, Watch
from planning.solving.problems import Covering, Median, Problem
from planning.solving.refuelling import solve_refuelling


def solve(problem: Problem, cancelled: Callable[[], bool] = lambda: False) -> Plan:
    """The best plan that is found within the problem's limit of time, with its bound."""
    watch = Watch(problem.time_limit_s, cancelled)
    if isinstance(problem, Median):
        return solve_median(problem, watch)
    if isinstance(problem, Covering):
        return solve_covering(problem, watch)
    return solve_refuelling(problem, watch)
