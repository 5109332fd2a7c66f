"""HiGHS, the exact solver of mixed-integer models, as the models here use it (pure)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray

from planning.solving.plan import Watch

Array = NDArray[Any]
INFINITE: Final = highspy.kHighsInf


@dataclass(frozen=True, slots=True)
class Model:
    """Columns from 0 to ``upper``, the first ``integers`` whole; rows in compressed form."""

    costs: Array
    upper: Array
    integers: int
    row_lower: Array
    row_upper: Array
    starts: Array
    indices: Array
    values: Array
    maximise: bool
    constant: float = 0.0
    """What is known besides, for those who watch."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Values of the columns (None: no solution in time), and the bound (infinite: none)."""

    columns: Array | None
    bound: float
    optimal: bool


def run(model: Model, watch: Watch, *, start: Array | None, whole: bool) -> Answer:
    """Solve until proven or time is out. ``start`` is a solution of all columns."""
    solver: Any = _solver()
    step = 0.99 if whole else 1e-7
    for name, value in {
        "output_flag": False,
        "log_to_console": False,
        "threads": 1,
        "random_seed": watch.seed,
        "time_limit": max(0.05, watch.left_s),
        "mip_rel_gap": 0.0 if whole else 1e-9,
        "mip_abs_gap": step,
    }.items():
        solver.setOptionValue(name, value)
    solver.passModel(_lp(model))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    if model.integers:
        solver.cbMipInterrupt.subscribe(_watching(watch, model.constant))
    solver.run()
    return _answer(solver, model)


def _watching(watch: Watch, constant: float) -> Callable[[Any], None]:
    """Tells how far it is, and stops when somebody cancelled."""

    def look(event: Any) -> None:
        found = event.data_out
        best, bound = float(found.mip_primal_bound), float(found.mip_dual_bound)
        if math.isfinite(best) and math.isfinite(bound):
            watch.tell(best + constant, bound + constant)
        event.interrupt(watch.cancelled())

    return look


def _solver() -> Any:
    make: Any = highspy.Highs
    return make()


def _answer(solver: Any, model: Model) -> Answer:
    info = solver.getInfo()
    status = solver.getModelStatus()
    optimal = status == highspy.HighsModelStatus.kOptimal
    solved = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    columns = np.array(solver.getSolution().col_value) if solved else None
    bound = float(info.mip_dual_bound)
    if not model.integers and optimal:
        bound = float(info.objective_function_value)
    return Answer(columns, bound, optimal)


def _lp(model: Model) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.costs), len(model.row_lower)
    lp.sense_ = highspy.ObjSense.kMaximize if model.maximise else highspy.ObjSense.kMinimize
    lp.col_cost_ = np.asarray(model.costs, dtype=np.float64)
    lp.col_lower_ = np.zeros(len(model.costs))
    lp.col_upper_ = np.asarray(model.upper, dtype=np.float64)
    lp.row_lower_ = np.asarray(model.row_lower, dtype=np.float64)
    lp.row_upper_ = np.asarray(model.row_upper, dtype=np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.asarray(model.starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.asarray(model.indices, dtype=np.int32)
    lp.a_matrix_.value_ = np.asarray(model.values, dtype=np.float64)
    kinds = [highspy.HighsVarType.kInteger] * model.integers
    lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (
        len(model.costs) - model.integers
    )
    return lp
