"""The exact model of a p-median by radii, for HiGHS (pure).

For each demand and each radius at which its costs step up, z says that no chosen site lies within.
Radii of different demands that hold the same sites share one z, so few open sites give few rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.solving.highs import INFINITE, Model
from planning.solving.paths import Matrix


@dataclass(slots=True)
class Radii:
    """Each z with its weight, the smaller one in it and the sites that are new to it."""

    numbers: dict[bytes, int] = field(default_factory=dict)
    weights: list[float] = field(default_factory=list)
    rows: list[tuple[int, NDArray[Any]]] = field(default_factory=list)
    constant: float = 0.0


def gather(costs: Matrix, most: int) -> Radii:
    """Radii of all demands; at most ``most`` sites need to lie outside of the last."""
    found = Radii()
    width = costs.shape[1]
    for row in costs:
        order = np.argsort(row, kind="stable")
        ordered = row[order]
        ends = np.flatnonzero(np.diff(ordered) > 0) + 1
        found.constant += float(ordered[0])
        within = np.zeros(width, dtype=bool)
        smaller, begin = -1, 0
        for end in ends[ends <= most]:
            new = order[begin:end]
            within[new] = True
            key = np.packbits(within).tobytes()
            number = found.numbers.get(key)
            if number is None:
                number = found.numbers[key] = len(found.weights)
                found.weights.append(0.0)
                found.rows.append((smaller, new))
            found.weights[number] += float(ordered[end] - ordered[end - 1])
            smaller, begin = number, int(end)
    return found


def radius_model(costs: Matrix, count: int, radii: Radii) -> Model:
    """Columns: sites, each z; rows: z + new sites - smaller z >= 0 (or 1), and the sum p."""
    width = costs.shape[1]
    indices: list[NDArray[Any]] = []
    values: list[NDArray[Any]] = []
    lower: list[float] = []
    for number, (smaller, new) in enumerate(radii.rows):
        own = [width + number] if smaller < 0 else [width + number, width + smaller]
        indices += [new, np.array(own)]
        values += [np.ones(len(new) + 1), np.full(len(own) - 1, -1.0)]
        lower.append(1.0 if smaller < 0 else 0.0)
    sizes = [len(new) + (1 if smaller < 0 else 2) for smaller, new in radii.rows] + [width]
    indices.append(np.arange(width))
    values.append(np.ones(width))
    rows = len(radii.rows)
    return Model(
        costs=np.concatenate([np.zeros(width), np.array(radii.weights)]),
        upper=np.ones(width + rows),
        integers=width,
        row_lower=np.array([*lower, count]),
        row_upper=np.array([INFINITE] * rows + [float(count)]),
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        indices=np.concatenate(indices),
        values=np.concatenate(values),
        maximise=False,
    )


def start_columns(costs: Matrix, radii: Radii, sites: NDArray[np.intp]) -> NDArray[Any]:
    """A solution as columns of the model."""
    width = costs.shape[1]
    columns = np.zeros(width + len(radii.rows))
    columns[sites] = 1.0
    for number, (smaller, new) in enumerate(radii.rows):
        open_before = 1.0 if smaller < 0 else columns[width + smaller]
        columns[width + number] = max(0.0, open_before - columns[new].sum())
    return columns
