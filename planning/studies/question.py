"""A study's question with all its data, and its answer (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.layers.facts import Numbers
from planning.studies.parameters import Parameters

if TYPE_CHECKING:
    from planning.studies.roads import Roads


class StudyRefused(Exception):
    """There is no answer; ``code`` says why, ``values`` what its words need."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate or a station that stands. ``cost``: what a site there costs, if known;
    ``connection``: what its connection to the grid costs besides; ``towards``: the only direction
    that it serves along a road; ``evses`` of ``power_kw`` each, where that is known of one that
    stands."""

    longitude: float
    latitude: float
    label: str
    cost: float | None = None
    grid_kw: float | None = None
    own: bool = False
    connection: float = 0.0
    towards: str = ""
    evses: float | None = None
    power_kw: float | None = None

    def price(self, assumed: float) -> float:
        """What building here costs: as the row says, else as assumed, and the connection."""
        return (assumed if self.cost is None else self.cost) + self.connection

    @property
    def point(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return (self.longitude, self.latitude)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Demand at places: a year's kWh, and kWh in each hour of an average day."""

    longitude: Numbers
    latitude: Numbers
    kwh: Numbers
    hours: Numbers
    labels: tuple[str, ...]

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Longitude and latitude of each."""
        return tuple(zip(self.longitude.tolist(), self.latitude.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that an answer depends on."""

    parameters: Parameters
    wanted: Wanted
    candidates: tuple[Place, ...]
    existing: tuple[Place, ...]
    seed: int = 1
    roads: Roads | None = None
    under: Mapping[str, Callable[[], Wanted]] = field(default_factory=dict)
    """Demand under other assumptions, by name, made when it is needed."""
    begin: tuple[int, ...] = ()
    """Numbers of candidates (or of the roads' ends) of an earlier plan to go on from."""
    known_bound: float | None = None
    """What is proven already for the very same question."""

    def digest(self) -> str:
        """SHA-256 over all of it: the same question of the same data has the same."""
        found = hashlib.sha256()
        stated = {**self.parameters.as_json(), "time_limit_s": 0, "seed": self.seed}
        del stated["goes_on_from"]
        found.update(json.dumps(stated, sort_keys=True, default=str).encode())
        for column in (self.wanted.longitude, self.wanted.latitude, self.wanted.hours):
            found.update(np.ascontiguousarray(column).tobytes())
        for place in (*self.candidates, None, *self.existing):
            found.update(repr(place).encode())
        if self.roads is not None:
            found.update(repr(self.roads).encode())
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A candidate nearby that was not chosen, and what choosing it instead would lose."""

    label: str
    km: float
    loses_kwh: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """A site of the plan. ``adds_kwh``: what it reaches besides all before it in the order;
    ``only_kwh``: what nobody would reach without it; ``gets_kwh``: what is nearest to it, by
    hour of an average day in ``hours``."""

    place: Place
    adds_kwh: float
    only_kwh: float
    gets_kwh: float
    hours: Sequence[float]
    neighbours: Sequence[Neighbour]
    worth: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The plan and its proof; kWh a year reached before and after, or km travelled on average."""

    objective: float
    bound: float
    gap: float
    seconds: float
    total_kwh: float
    before_kwh: float
    after_kwh: float
    before_km: float | None
    after_km: float | None
    sites: Sequence[Chosen]
    unserved: Sequence[Mapping[str, Any]]
    dots: Sequence[Sequence[float]] = ()
    trials: Sequence[Mapping[str, Any]] = ()
    roads: Sequence[Mapping[str, Any]] = ()
    pools: Sequence[Mapping[str, Any]] = ()
