"""Which site covers which demand, brought down to what matters (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.solving.paths import Matrix

Array = NDArray[Any]

_COMPARISONS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of numbers one after another; list k is ``numbers[starts[k] : starts[k + 1]]``."""

    starts: Array
    numbers: Array

    def __len__(self) -> int:
        return len(self.starts) - 1

    def one(self, which: int) -> Array:
        """A list of them."""
        found: Array = self.numbers[self.starts[which] : self.starts[which + 1]]
        return found

    def of(self, which: Array) -> tuple[Array, Array]:
        """The numbers of several lists, and for each number its place in ``which``."""
        begins = self.starts[which]
        sizes = self.starts[which + 1] - begins
        owners = np.repeat(np.arange(len(which)), sizes)
        offsets = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.numbers[np.repeat(begins, sizes) + offsets], owners

    def turned(self, width: int) -> Lists:
        """For each number the lists that hold it."""
        owners = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.numbers, kind="stable")
        counts = np.bincount(self.numbers, minlength=width)
        return Lists(np.concatenate([[0], np.cumsum(counts)]), owners[order])


@dataclass(frozen=True, slots=True)
class Cover:
    """Demands (rows) with weights, the sites that cover each, and the demands of each site."""

    weights: Matrix
    rows: Lists
    columns: Lists
    sites: Array
    """The numbers of the sites in the input, by column."""


def lists(parts: Sequence[Array]) -> Lists:
    """Arrays as one."""
    sizes = np.array([len(part) for part in parts], dtype=np.int64)
    numbers = np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
    return Lists(np.concatenate([[0], np.cumsum(sizes)]), numbers.astype(np.int32))


def cover(parts: Sequence[Array], weights: Sequence[float], sites: Array, size: int) -> Cover:
    """Demands with the same sites become one; sites that another outdoes are left out."""
    parts, merged = _merged(parts, weights, sites, size)
    rows = lists(parts)
    keep = _undominated(rows, rows.turned(len(sites)))
    if len(keep) < len(sites):
        return cover_of([sites[part] for part in parts], merged, sites[keep], size)
    return Cover(np.array(merged), rows, rows.turned(len(sites)), sites)


def cover_of(parts: Sequence[Array], weights: Sequence[float], sites: Array, size: int) -> Cover:
    """Demands with the same sites become one; demands without any are left out."""
    parts, merged = _merged(parts, weights, sites, size)
    rows = lists(parts)
    return Cover(np.array(merged), rows, rows.turned(len(sites)), sites)


def _merged(
    parts: Sequence[Array], weights: Sequence[float], sites: Array, size: int
) -> tuple[list[Array], list[float]]:
    place = np.full(size, -1, dtype=np.int32)
    place[sites] = np.arange(len(sites), dtype=np.int32)
    numbers: dict[bytes, int] = {}
    kept: list[Array] = []
    sums: list[float] = []
    for part, weight in zip(parts, weights, strict=True):
        known = place[part]
        known = known[known >= 0]
        if not len(known) or weight <= 0:
            continue
        key = blake2b(known.tobytes(), digest_size=16).digest()
        number = numbers.setdefault(key, len(kept))
        if number == len(kept):
            kept.append(known)
            sums.append(0.0)
        sums[number] += weight
    return kept, sums


def _undominated(rows: Lists, columns: Lists) -> Array:
    """Sites that cover something which no other single site covers as well and more."""
    bits = [_bits(columns.one(site), len(rows)) for site in range(len(columns))]
    sizes = np.diff(columns.starts)
    widths = np.diff(rows.starts)
    alive = sizes > 0
    budget = _COMPARISONS
    for site in np.argsort(sizes, kind="stable").tolist():
        if not alive[site] or budget < 0:
            continue
        own = columns.one(site)
        rivals = rows.one(int(own[np.argmin(widths[own])]))
        rivals = rivals[alive[rivals] & (sizes[rivals] >= sizes[site]) & (rivals != site)]
        budget -= len(rivals)
        if any(bits[site] & bits[rival] == bits[site] for rival in rivals.tolist()):
            alive[site] = False
    return np.flatnonzero(alive)


def _bits(numbers: Array, size: int) -> int:
    mask = np.zeros(size, dtype=np.bool_)
    mask[numbers] = True
    return int.from_bytes(np.packbits(mask).tobytes(), "big")
