"""Whether drivers got a charge: attempts and visits by the rules of the ChargeX consortium (pure).

An attempt succeeds when more than 0.1 kWh flowed, the connector was not faulted afterwards and,
where the reason is known, it ended by driver, operator or unplugging. A visit is what one driver
tries at one place with less than 30 minutes between the starts; without a known driver, at one port
with less than 2 minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from stations.uptime.figures import percent

LEAST_WH: Final = 100
VISIT_GAP: Final = timedelta(minutes=30)
ANONYMOUS_GAP: Final = timedelta(minutes=2)
GOOD_REASONS: Final = frozenset({"", "local", "remote", "evdisconnected"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to charge. ``driver`` "" is unknown; ``place`` is the site, or the port without
    driver."""

    driver: str
    at: datetime
    energy_wh: Fraction
    place: str = ""
    was_faulted: bool = False
    stop_reason: str = ""

    @property
    def succeeded(self) -> bool:
        """Energy flowed and nothing went wrong."""
        good = self.stop_reason.lower() in GOOD_REASONS
        return self.energy_wh > LEAST_WH and not self.was_faulted and good


@dataclass(frozen=True, slots=True)
class Visits:
    """How many came, and how it went for them."""

    visits: int
    attempts: int
    first_attempt: int
    troubled: int
    failed: int

    @property
    def first_attempt_percent(self) -> Fraction | None:
        """Visits whose first attempt succeeded."""
        return percent(Fraction(self.first_attempt), Fraction(self.visits))

    @property
    def success_percent(self) -> Fraction | None:
        """Visits that ended with a charge, troubled or not."""
        return percent(Fraction(self.first_attempt + self.troubled), Fraction(self.visits))

    @property
    def attempts_per_visit(self) -> Fraction | None:
        """How often a visitor had to try."""
        return Fraction(self.attempts, self.visits) if self.visits else None


def visits_of(attempts: Iterable[Attempt]) -> list[list[Attempt]]:
    """The attempts of each visit in order."""
    order = sorted(set(attempts), key=lambda one: (one.driver, one.place, one.at, one.energy_wh))
    found: list[list[Attempt]] = []
    for one in order:
        last = found[-1][-1] if found else None
        gap = VISIT_GAP if one.driver else ANONYMOUS_GAP
        together = last is not None and (last.driver, last.place) == (one.driver, one.place)
        if last is not None and together and one.at - last.at < gap:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def measure_visits(attempts: Iterable[Attempt]) -> Visits:
    """The measures over all attempts."""
    visits = visits_of(attempts)
    first = sum(one[0].succeeded for one in visits)
    good = sum(any(attempt.succeeded for attempt in one) for one in visits)
    return Visits(
        visits=len(visits),
        attempts=sum(len(one) for one in visits),
        first_attempt=first,
        troubled=good - first,
        failed=len(visits) - good,
    )
