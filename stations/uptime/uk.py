"""Reliability of a network as the UK's Public Charge Point Regulations 2023 have it (pure).

SI 2023/1168, regulation 7: rapid charge points (50 kW and more) are, on average over the network,
reliable for 99 % of a calendar year; where hours are restricted, of those hours. Statuses are
OCPI's: available, charging and reserved are reliable, inoperative and out of order are not, unknown
and blocked are "ineligible for measurement" yet, by the words of 7(3), considered reliable. Reading
A follows the words; reading B leaves that time out on both sides. Planned and removed EVSEs are not
in service at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from stations.uptime.figures import percent

RELIABLE: Final = frozenset({"AVAILABLE", "CHARGING", "RESERVED"})
INELIGIBLE: Final = frozenset({"UNKNOWN", "BLOCKED"})
UNRELIABLE: Final = frozenset({"INOPERATIVE", "OUTOFORDER"})
OUT_OF_SERVICE: Final = frozenset({"PLANNED", "REMOVED"})
STATUSES: Final = RELIABLE | INELIGIBLE | UNRELIABLE | OUT_OF_SERVICE
RAPID_W: Final = 50_000
REQUIRED_PERCENT: Final = Fraction(99)


@dataclass(frozen=True, slots=True)
class UkReliability:
    """Assessed and unreliable minutes of a network, and both readings."""

    measured_minutes: Fraction
    ineligible_minutes: Fraction
    unreliable_minutes: Fraction

    @property
    def assessed_minutes(self) -> Fraction:
        """Reading A: all minutes in service."""
        return self.measured_minutes + self.ineligible_minutes

    @property
    def percent(self) -> Fraction | None:
        """Reading A."""
        return percent(self.assessed_minutes - self.unreliable_minutes, self.assessed_minutes)

    @property
    def measured_percent(self) -> Fraction | None:
        """Reading B."""
        return percent(self.measured_minutes - self.unreliable_minutes, self.measured_minutes)


def meets(reliability: Fraction | None) -> bool | None:
    """Whether a percentage is at least 99; None where nothing was assessed."""
    return None if reliability is None else reliability >= REQUIRED_PERCENT


def uk_reliability(evses: Iterable[Mapping[str, Fraction]]) -> UkReliability:
    """The network's figures from each rapid EVSE's minutes by OCPI status in its open hours."""
    measured = ineligible = unreliable = Fraction(0)
    for by_status in evses:
        for status, spent in by_status.items():
            if status in UNRELIABLE:
                unreliable += spent
            if status in INELIGIBLE:
                ineligible += spent
            elif status not in OUT_OF_SERVICE:
                measured += spent
    return UkReliability(measured, ineligible, unreliable)
