"""Readings without a transaction find the session on their EVSE at their time (pure). Rule G9."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from stations.sessions.clock import Clock
from stations.sessions.drafts import Draft
from stations.sessions.facts import Fact
from stations.sessions.findings import found
from stations.sessions.merge import moment_of

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Line:
    """Sessions of one EVSE in order of start, with the latest end up to each of them."""

    drafts: tuple[Draft, ...]
    starts: tuple[datetime, ...]
    latest_ends: tuple[datetime, ...]

    def at(self, at: datetime) -> list[Draft]:
        """Sessions whose time includes ``at``, the one begun last first."""
        holding: list[Draft] = []
        for index in range(bisect_right(self.starts, at) - 1, -1, -1):
            if self.latest_ends[index] < at:
                break
            if (self.drafts[index].limit_at or FOREVER) >= at:
                holding.append(self.drafts[index])
        return holding


def adopt_readings(drafts: Sequence[Draft], facts: Iterable[Fact], clock: Clock) -> list[Fact]:
    """Give each reading to the session begun last among those it fits; the rest returns.

    A session whose EVSE nobody named takes what fits no other, if it is the only such one.
    """
    lines = _lines(drafts)
    nowhere = lines.get(None)
    left: list[Fact] = []
    for fact in facts:
        at = moment_of(fact, clock).at
        line = lines.get(fact.evse) if fact.evse else None
        fitting = line.at(at) if line else []
        if not fitting and fact.evse and nowhere:
            homeless = [one for one in nowhere.at(at) if one.evse in (None, fact.evse)]
            fitting = homeless if len(homeless) == 1 else []
        if not fitting:
            left.append(fact)
            continue
        fitting[0].add(fact, clock)
        fitting[0].findings.append(found("readings_by_connector"))
    return left


def _lines(drafts: Sequence[Draft]) -> dict[int | None, _Line]:
    by_evse: dict[int | None, list[Draft]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda one: (one.starts_at, one.facts[0].key)):
        by_evse[draft.evse].append(draft)
    lines: dict[int | None, _Line] = {}
    for evse, here in by_evse.items():
        latest: list[datetime] = []
        for draft in here:
            end = draft.limit_at or FOREVER
            latest.append(max(end, latest[-1]) if latest else end)
        starts = tuple(draft.starts_at for draft in here)
        lines[evse] = _Line(tuple(here), starts, tuple(latest))
    return lines
