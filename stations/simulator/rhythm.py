"""When cars come: shares of a day by hour and factors of weekdays (pure)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Arrivals of a kind of place.

    ``a_day``: cars per EVSE on a plain day. ``hours``: weight of each hour (local time).
    ``weekdays``: factor of Monday to Sunday. ``stay_hours``: shortest and longest stay after
    which a car leaves even if it is not full (0: it leaves when charged).
    """

    a_day: float
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    stay_hours: tuple[float, float]

    def rate(self, local: datetime) -> float:
        """Cars per hour and EVSE at a local time."""
        return (
            self.a_day * self.weekdays[local.weekday()] * self.hours[local.hour] / sum(self.hours)
        )

    def stay_s(self, rng: random.Random) -> float:
        """How long a car stays in seconds; 0 when it leaves as soon as it is charged."""
        least, most = self.stay_hours
        return rng.uniform(least, most) * 3600

    def arrival_s(self, rng: random.Random) -> float:
        """A second of the day (0 to 86399.99) drawn by the weights of the hours."""
        hour = rng.choices(range(24), weights=self.hours)[0]
        return hour * 3600 + rng.random() * 3600


def _hours(*spans: tuple[int, int, float]) -> tuple[float, ...]:
    weights = [0.15] * 24
    for first, last, weight in spans:
        for hour in range(first, last + 1):
            weights[hour] = weight
    return tuple(weights)


_EVEN: Final = (1.0,) * 7
RHYTHMS: Final[dict[str, Rhythm]] = {
    "corridor": Rhythm(
        5.5,
        _hours((6, 9, 1.0), (10, 14, 1.6), (15, 19, 2.0), (20, 22, 0.8)),
        (0.9, 0.85, 0.85, 1.0, 1.4, 1.0, 1.3),
        (0, 0),
    ),
    "shopping": Rhythm(
        3.2,
        _hours((9, 10, 0.8), (11, 18, 2.0), (19, 20, 0.8)),
        (0.8, 0.8, 0.8, 0.9, 1.2, 1.6, 1.2),
        (0.5, 2.0),
    ),
    "street": Rhythm(1.6, _hours((7, 9, 1.0), (10, 16, 1.0), (17, 21, 2.0)), _EVEN, (1.5, 11.0)),
    "workplace": Rhythm(
        1.2,
        _hours((6, 6, 1.0), (7, 8, 4.0), (9, 12, 1.0), (13, 14, 0.8)),
        (1.0, 1.1, 1.1, 1.0, 0.8, 0.08, 0.06),
        (3.0, 9.0),
    ),
    "home": Rhythm(0.75, _hours((15, 16, 1.0), (17, 20, 3.0), (21, 23, 1.5)), _EVEN, (8.0, 14.0)),
    "hotel": Rhythm(
        1.3, _hours((12, 15, 0.8), (16, 21, 2.0)), (0.8, 0.8, 0.9, 1.0, 1.3, 1.4, 1.0), (1.0, 14.0)
    ),
}
"""By the words of the demo's kinds of site; ``street`` serves where no kind is known."""

KIND_OF_UNKNOWN: Final = "street"
