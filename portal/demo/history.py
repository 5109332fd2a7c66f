"""Three months of the demo network's past, station by station (pure, seeded)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from portal.demo.cards import DemoToken
from portal.demo.catalogue import SiteKind
from portal.demo.plan import DemoEvse, DemoOperator, DemoPlan, DemoSite, DemoStation
from portal.demo.timeline import Gaps, Span, build_faults, build_gaps, own_outage
from portal.demo.visits import Visit, VisitMaker, rhythm_of, weighted

HISTORY: Final = timedelta(days=92)

DOUBTS: Final = (
    ("end_missing", 35),
    ("register_drop", 20),
    ("impossible_power", 15),
    ("clock", 30),
)
"""What may be wrong with the record of a session, with weights."""
_DOUBT_SHARE = 0.006

_AT_HOME: Final = 9
_STAYS: Final = 6
_VISITORS: Final = 4
"""At homes: how many live there, how often they charge for each time of one of the visitors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseHistory:
    """The past of one EVSE."""

    evse: DemoEvse
    faults: list[Span]
    visits: list[Visit]


@dataclass(frozen=True, slots=True, kw_only=True)
class StationHistory:
    """The past of one station; ``connected_at`` is when its history begins."""

    operator: DemoOperator
    site: DemoSite
    station: DemoStation
    connected_at: datetime
    gaps: Gaps
    evses: tuple[EvseHistory, ...]


def build_history(
    plan: DemoPlan, now: datetime, length: timedelta = HISTORY
) -> Iterator[StationHistory]:
    """Histories of all stations from ``now - length`` up to ``now``, one at a time."""
    begin = now - length
    for operator in plan.operators:
        for site in operator.sites:
            for station in site.stations:
                yield _station(plan, operator, site, station, begin, now)


def _station(
    plan: DemoPlan,
    operator: DemoOperator,
    site: DemoSite,
    station: DemoStation,
    begin: datetime,
    now: datetime,
) -> StationHistory:
    rng = random.Random(f"{plan.seed}:{station.identity}:history")
    opened_at = datetime.combine(station.commissioned_on, time(7), tzinfo=UTC)
    begin = max(begin, opened_at)
    maker = VisitMaker(
        rhythm=rhythm_of(site.kind.value),
        popularity=site.popularity,
        tokens=_tokens(plan, operator, site),
        begin=begin,
        now=now,
    )
    return StationHistory(
        operator=operator,
        site=site,
        station=station,
        connected_at=begin,
        gaps=_without_outage(build_gaps(rng, begin, now), own_outage(now)),
        evses=tuple(_evse(rng, maker, evse) for evse in station.evses),
    )


def _tokens(plan: DemoPlan, operator: DemoOperator, site: DemoSite) -> Sequence[DemoToken]:
    """Who charges at a site: anybody, but at homes the same few and now and then a visitor."""
    if site.kind != SiteKind.HOME:
        return operator.tokens
    rng = random.Random(f"{plan.seed}:{site.public_id}:residents")
    private = [one for one in operator.tokens if one.purpose == "customer" and not one.group_id]
    at_home = rng.sample(private, min(_AT_HOME, len(private)))
    return [*at_home * _STAYS, *rng.sample(operator.tokens, _VISITORS)]


def _without_outage(gaps: Gaps, outage: Span) -> Gaps:
    """Gaps apart from those that touch our own outage, so that each has one cause."""
    margin = timedelta(minutes=1)
    return Gaps(
        [
            gap
            for gap in gaps.spans
            if gap.ended_at < outage.began_at - margin or gap.began_at > outage.ended_at + margin
        ]
    )


def _evse(rng: random.Random, maker: VisitMaker, evse: DemoEvse) -> EvseHistory:
    faults = build_faults(rng, maker.begin, maker.now)
    visits = list(maker.visits(rng, evse, faults))
    for visit in visits:
        if rng.random() < _DOUBT_SHARE:
            visit.doubt = weighted(rng, DOUBTS)
    return EvseHistory(evse=evse, faults=faults, visits=visits)
