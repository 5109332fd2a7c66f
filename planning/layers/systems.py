"""Coordinate systems: into WGS 84, and which one numbers probably are in (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from planning.layers.facts import Numbers

WGS84, SWEREF99_TM, RT90, WEB_MERCATOR = 4326, 3006, 3021, 3857
_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Guess:
    """A system that numbers fit; ``is_swapped``: with east and north in each other's place."""

    epsg: int
    is_swapped: bool = False


_BOXES: Final = (
    # East and north of Sweden and its neighbours, in each of the systems.
    (WGS84, (-11.0, 33.0), (46.0, 72.0)),
    (SWEREF99_TM, (150_000.0, 1_100_000.0), (6_000_000.0, 7_800_000.0)),
    (RT90, (1_200_000.0, 1_950_000.0), (6_050_000.0, 7_750_000.0)),
    (WEB_MERCATOR, (950_000.0, 2_900_000.0), (7_100_000.0, 11_500_000.0)),
)


def is_known(epsg: int) -> bool:
    """Whether there is a coordinate system of two axes on the ground with this number."""
    try:
        found = CRS.from_epsg(epsg)
    except CRSError:
        return False
    return bool(found.is_geographic or found.is_projected)


def name_of(epsg: int) -> str:
    """What a system is called."""
    return CRS.from_epsg(epsg).name if is_known(epsg) else f"EPSG:{epsg}"


@lru_cache(maxsize=16)
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, WGS84, always_xy=True)


def to_wgs84(east: Numbers, north: Numbers, epsg: int) -> tuple[Numbers, Numbers]:
    """Longitude and latitude; infinite where a position does not exist."""
    if epsg == WGS84:
        return east, north
    try:
        longitude, latitude = _transformer(epsg).transform(east, north, errcheck=False)
    except ProjError:
        nowhere = np.full(len(east), np.inf)
        return nowhere, nowhere
    return np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)


def probable(east: Numbers, north: Numbers) -> Guess | None:
    """The system that nine of ten positions fit, as they stand or swapped; None: no idea."""
    for epsg, easts, norths in _BOXES:
        if _fits(east, easts) and _fits(north, norths):
            return Guess(epsg)
    for epsg, easts, norths in _BOXES:
        if _fits(north, easts) and _fits(east, norths):
            return Guess(epsg, is_swapped=True)
    if _fits(east, (-180.0, 180.0)) and _fits(north, (-90.0, 90.0)):
        return Guess(WGS84)
    return None


def fits(east: Numbers, north: Numbers, epsg: int) -> bool | None:
    """Whether positions lie where a system has Sweden and its neighbours; None: not known."""
    for one, easts, norths in _BOXES:
        if one == epsg:
            return _fits(east, easts) and _fits(north, norths)
    return None


def _fits(values: Numbers, within: tuple[float, float]) -> bool:
    real = values[np.isfinite(values)]
    if not len(real):
        return False
    return float(((real >= within[0]) & (real <= within[1])).mean()) >= _SHARE
