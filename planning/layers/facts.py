"""Rows of layers as plain facts and as arrays (pure)."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spot:
    """One row to be kept: a place in WGS 84 with its number and what else is known of it."""

    longitude: float
    latitude: float
    weight: float = 1.0
    label: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Rows of one or more layers, side by side in arrays; ``layer_ids`` and ``ids`` say whose."""

    ids: NDArray[np.int64]
    layer_ids: NDArray[np.int64]
    longitude: Numbers
    latitude: Numbers
    weight: Numbers
    labels: tuple[str, ...]
    values: tuple[Mapping[str, Any], ...]

    def __len__(self) -> int:
        return len(self.labels)

    def numbers(self, name: str, missing: float = 0.0) -> Numbers:
        """One of the values as numbers; ``missing`` where a row has none."""
        found = (row.get(name) for row in self.values)
        return np.array([_number(one, missing) for one in found], dtype=np.float64)

    def where(self, chosen: NDArray[np.bool_]) -> Points:
        """Only the rows that are marked."""
        kept = np.flatnonzero(chosen)
        return Points(
            self.ids[kept],
            self.layer_ids[kept],
            self.longitude[kept],
            self.latitude[kept],
            self.weight[kept],
            tuple(self.labels[one] for one in kept),
            tuple(self.values[one] for one in kept),
        )


def points_from(rows: Sequence[Sequence[Any]]) -> Points:
    """Rows of (id, layer, longitude, latitude, weight, label, values)."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    longitude, latitude, weight = (np.array(columns[one], dtype=np.float64) for one in (2, 3, 4))
    return Points(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        longitude,
        latitude,
        weight,
        tuple(columns[5]),
        tuple(columns[6]),
    )


def points_of_spots(spots: Sequence[Spot]) -> Points:
    """The same of rows that are not kept anywhere."""
    return points_from(
        [
            (number, 0, one.longitude, one.latitude, one.weight, one.label, one.values)
            for number, one in enumerate(spots)
        ]
    )


def content_hash(kind: str, spots: Sequence[Spot]) -> str:
    """SHA-256 over what a layer holds: the same content in the same order has the same hash."""
    digest = hashlib.sha256(kind.encode())
    for one in spots:
        row = [one.longitude, one.latitude, one.weight, one.label, one.values, one.geometry]
        digest.update(json.dumps(row, sort_keys=True, default=dict).encode())
    return digest.hexdigest()


def _number(value: Any, missing: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return missing
    return float(value) if math.isfinite(value) else missing
