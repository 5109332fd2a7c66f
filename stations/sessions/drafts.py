"""Sessions in the making while facts are being grouped (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stations.sessions.clock import Clock
from stations.sessions.facts import Fact
from stations.sessions.findings import Finding
from stations.sessions.merge import moment_of

LEEWAY = timedelta(seconds=60)


@dataclass(slots=True, eq=False)
class Draft:
    """One session so far. ``ids``: every transaction id that was answered for its start."""

    start: Fact | None
    starts_at: datetime
    ids: set[str] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    next_start_at: datetime | None = None

    @property
    def evse(self) -> int | None:
        """The EVSE that the start, else any fact, names."""
        named = [fact.evse for fact in self.facts if fact.evse]
        return named[0] if named else None

    @property
    def id_token(self) -> str | None:
        """The token that the start, else any fact, names."""
        named = [fact.id_token for fact in self.facts if fact.id_token]
        return named[0] if named else None

    @property
    def stops(self) -> list[Fact]:
        """Its stops so far."""
        return [fact for fact in self.facts if fact.kind == "stop"]

    def ended_at(self, clock: Clock) -> datetime | None:
        """When its first stop says it ended."""
        return min((moment_of(stop, clock).at for stop in self.stops), default=None)

    def holds(self, at: datetime, clock: Clock) -> bool:
        """Whether an instant lies in its span (up to the next start if it has no stop)."""
        if at < self.starts_at:
            return False
        ended_at = self.ended_at(clock)
        limit = ended_at if ended_at is not None else self.next_start_at
        return limit is None or at <= limit
