"""Which stations run an older firmware than the newest seen of their model (pure)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_PARTS = re.compile(r"\d+|[a-z]+")
Version = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Firmware:
    """What one station told at its last boot; ``key`` is given back."""

    key: int
    vendor: str
    model: str
    version: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """A station behind its model: ``newest`` runs on ``count`` others."""

    key: int
    newest: str
    count: int


@lru_cache(maxsize=2048)
def order_of(version: str) -> Version:
    """Sort key: numbers as numbers, words (``rc``, ``beta``) before the end and any number."""
    parts = (
        (1, int(part), "") if part.isdigit() else (-1, 0, part)
        for part in _PARTS.findall(version.lower().removeprefix("v"))
    )
    return (*parts, (0, 0, ""))


def outdated(stations: Iterable[Firmware]) -> list[Outdated]:
    """Stations whose version is below the highest of the same maker and model."""
    models: dict[tuple[str, str], list[Firmware]] = {}
    for station in stations:
        if station.version and station.model:
            models.setdefault((station.vendor, station.model), []).append(station)
    found: list[Outdated] = []
    for peers in models.values():
        newest = max(peers, key=lambda one: order_of(one.version)).version
        counts = Counter(order_of(one.version) for one in peers)
        found.extend(
            Outdated(one.key, newest, counts[order_of(newest)])
            for one in peers
            if order_of(one.version) < order_of(newest)
        )
    return found


def count_outdated(stations: Iterable[tuple[str, str, str, int]]) -> int:
    """How many ``outdated`` would name, of stations counted by maker, model and version."""
    models: dict[tuple[str, str], Counter[Version]] = {}
    for vendor, model, version, count in stations:
        if version and model:
            models.setdefault((vendor, model), Counter())[order_of(version)] += count
    return sum(counts.total() - counts[max(counts)] for counts in models.values())
