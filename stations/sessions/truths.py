"""All sessions of many stations out of all their facts: grouping, then reconciling (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from stations.sessions.clock import learn_clock
from stations.sessions.context import SessionContext
from stations.sessions.facts import Fact
from stations.sessions.grouping import FactGroup, group_facts
from stations.sessions.merge import distinct
from stations.sessions.reconcile import SessionTruth, reconcile

LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Truths:
    """Sessions by station and start (unknown starts last), and facts that match none."""

    sessions: tuple[tuple[FactGroup, SessionTruth], ...]
    unmatched: tuple[Fact, ...]


def find_truths(
    facts: Iterable[Fact],
    contexts: Mapping[str, SessionContext] | None = None,
    now: datetime | None = None,
) -> Truths:
    """Every session that the facts tell of. ``contexts`` by station identity, as given."""
    by_station: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_station[fact.station].append(fact)
    sessions: list[tuple[FactGroup, SessionTruth]] = []
    unmatched: list[Fact] = []
    for station in sorted(by_station):
        context = (contexts or {}).get(station) or SessionContext()
        clock = context.clock or learn_clock(distinct(by_station[station]))
        context = replace(context, clock=clock)
        grouping = group_facts(by_station[station], clock)
        unmatched += grouping.unmatched
        sessions += [(group, reconcile_group(group, context, now)) for group in grouping.groups]
    return Truths(tuple(sorted(sessions, key=_order)), tuple(unmatched))


def reconcile_group(
    group: FactGroup, context: SessionContext, now: datetime | None = None
) -> SessionTruth:
    """Reconcile one group; ``context`` is the station's, the group adds its own part."""
    own = replace(context, superseded_at=group.superseded_at, match_findings=group.findings)
    return reconcile(group.facts, own, now)


def _order(one: tuple[FactGroup, SessionTruth]) -> tuple[object, ...]:
    truth = one[1]
    return (
        truth.station,
        truth.started_at is None,
        truth.started_at or LATEST,
        truth.stopped_at or LATEST,
        truth.evse or 0,
        truth.transactions,
    )
