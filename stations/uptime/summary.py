"""Sums of days as the figures of reports (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from stations.uptime import nevi, uk
from stations.uptime.figures import percent

_MS_A_MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Milliseconds of many days added up; ``starts``: outages that began in them."""

    service: int = 0
    unknown: int = 0
    down: int = 0
    excluded: int = 0
    closed: int = 0
    open_unreliable: int = 0
    open_unmeasured: int = 0
    starts: int = 0

    @property
    def known(self) -> int:
        """The time of which something is known."""
        return self.service - self.unknown

    @property
    def availability(self) -> Fraction | None:
        """Plain time-based availability in percent."""
        return percent(Fraction(self.known - self.down), Fraction(self.known))

    @property
    def without_excluded(self) -> Fraction | None:
        """The same, what is excluded counted as up."""
        return percent(Fraction(self.known - self.down + self.excluded), Fraction(self.known))

    @property
    def between_failures_h(self) -> Fraction | None:
        """Mean up time between outages in hours."""
        return Fraction(self.known - self.down, self.starts * 3_600_000) if self.starts else None

    @property
    def restore_h(self) -> Fraction | None:
        """Mean length of an outage in hours."""
        return Fraction(self.down, self.starts * 3_600_000) if self.starts else None

    def uk_minutes(self) -> dict[str, Fraction]:
        """Minutes of the open hours by OCPI status."""
        bad, unmeasured = self.open_unreliable, self.open_unmeasured
        rest = max(self.service - self.closed - bad - unmeasured, 0)
        told = {"AVAILABLE": rest, "OUTOFORDER": bad, "UNKNOWN": unmeasured}
        return {word: Fraction(spent, _MS_A_MINUTE) for word, spent in told.items()}

    def nevi(self) -> nevi.NeviUptime:
        """The figure of one port over these days."""
        return nevi.NeviUptime(
            Fraction(self.down, _MS_A_MINUTE),
            Fraction(self.excluded, _MS_A_MINUTE),
            min(nevi.YEAR_MINUTES, Fraction(self.service, _MS_A_MINUTE)),
            (),
            (),
        )


def uk_of(evses: Iterable[Sums]) -> uk.UkReliability:
    """The network's reliability from the sums of its rapid EVSEs."""
    return uk.uk_reliability(one.uk_minutes() for one in evses)
