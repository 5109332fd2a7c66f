"""Sessions in the making while facts are being grouped (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stations.sessions.clock import Clock
from stations.sessions.facts import Fact
from stations.sessions.findings import Finding
from stations.sessions.merge import known_id, moment_of

LEEWAY = timedelta(seconds=60)


@dataclass(slots=True, eq=False)
class Draft:
    """One session so far. ``ids``: every transaction id that was answered for its start;
    ``evse`` and ``id_token``: as the start, else the first fact that has one, says."""

    start: Fact | None
    starts_at: datetime
    ids: set[str] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    stops: list[Fact] = field(default_factory=list)
    evse: int | None = None
    id_token: str | None = None
    ended_at: datetime | None = None
    next_start_at: datetime | None = None

    def add(self, fact: Fact, clock: Clock) -> None:
        """Take a fact in."""
        self.facts.append(fact)
        self.evse = self.evse or fact.evse or None
        self.id_token = self.id_token or fact.id_token or None
        if fact.kind == "stop":
            at = moment_of(fact, clock).at
            self.stops.append(fact)
            self.ended_at = at if self.ended_at is None else min(self.ended_at, at)

    def name(self, fact: Fact) -> None:
        """Take a fact's transaction id as one of the session's."""
        if one := known_id(fact):
            self.ids.add(one)

    @property
    def limit_at(self) -> datetime | None:
        """When its time is over: its stop, else the next start on its EVSE."""
        return self.ended_at if self.ended_at is not None else self.next_start_at
