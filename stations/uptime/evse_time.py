"""All facts about one EVSE in, its time in and out of service out (pure).

Outages of different kinds may overlap (a faulted station may be out of reach too): each is kept
with what tells of it, and their union is the down time, so nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from core.periods import Period, Periods, clipped, difference, intersection, union
from stations.uptime.conventions import DOWN as COUNT_AS_DOWN
from stations.uptime.conventions import MANDATORY, THRESHOLD, Conventions
from stations.uptime.links import Gap
from stations.uptime.reports import Report, spans
from stations.uptime.silent import Try, silent_outages
from stations.uptime.statuses import DOWN, UNKNOWN

FAULTED: Final = "faulted"
UNAVAILABLE: Final = "unavailable"
SILENT: Final = "silent"
OFFLINE: Final = "offline"
OWN: Final = "own"
KINDS: Final = (FAULTED, UNAVAILABLE, SILENT, OFFLINE, OWN)
"""In order of precedence where several tell of the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseFacts:
    """``reports`` by connector number, ``station_reports`` of the station itself, ``mandatory``
    connector numbers; ``observed``: the time in service since the first fact."""

    observed: Period
    reports: Mapping[int, Sequence[Report]]
    station_reports: Sequence[Report] = ()
    gaps: Sequence[Gap] = ()
    tries: Sequence[Try] = ()
    mandatory: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """One outage of one kind: ``code`` is the station's error code, ``ref`` the fact that tells."""

    kind: str
    period: Period
    code: str = ""
    ref: str = ""


@dataclass(frozen=True)
class EvseTime:
    """Outages in order, the down time they make, and the time of which nothing is known."""

    observed: Period
    pieces: tuple[Piece, ...]
    down: Periods
    unknown: Periods
    own_counts: bool = field(default=False)

    def of_kind(self, kind: str) -> Periods:
        """The time that outages of a kind cover."""
        return self.by_kind[kind]

    @cached_property
    def by_kind(self) -> Mapping[str, Periods]:
        """That time of every kind."""
        return {
            kind: union(piece.period for piece in self.pieces if piece.kind == kind)
            for kind in KINDS
        }


def evse_time(facts: EvseFacts, conventions: Conventions) -> EvseTime:
    """The outages of one EVSE over its observed time."""
    within = facts.observed
    by_status, known = _by_status(facts, conventions)
    pieces = [
        *by_status,
        *_silent(facts, conventions),
        *_gaps(facts.gaps, conventions, within),
    ]
    own_counts = conventions.own_outages == COUNT_AS_DOWN
    down = union(one.period for one in pieces if own_counts or one.kind != OWN)
    own = [] if own_counts else [one.period for one in pieces if one.kind == OWN]
    unseen = difference((within,), known)
    unknown = difference(union(unseen, own), down)
    pieces.sort(key=lambda one: (one.period, KINDS.index(one.kind)))
    return EvseTime(within, tuple(pieces), down, unknown, own_counts)


def _by_status(facts: EvseFacts, conventions: Conventions) -> tuple[list[Piece], Periods]:
    """Outages that statuses tell of, and the time in which some connector's status was known."""
    within = facts.observed
    told: dict[int, list[tuple[Report, Period]]] = {
        number: spans(reports, within) for number, reports in facts.reports.items()
    }
    known = {n: union(p for r, p in one if r.status != UNKNOWN) for n, one in told.items()}
    downs = {n: union(p for r, p in one if r.status in DOWN) for n, one in told.items()}
    of_station = spans(facts.station_reports, within)
    whole = union(p for r, p in of_station if r.status in DOWN)
    working = union(*(difference(known[n], downs[n]) for n in told))
    down = union(difference(union(*downs.values()), working), whole)
    if conventions.connectors == MANDATORY:
        down = union(down, *(downs[n] for n in told if n in facts.mandatory))
    telling = [*of_station, *(span for one in told.values() for span in one)]
    faulted = intersection(down, (p for r, p in telling if r.status == FAULTED))
    pieces = _pieces(FAULTED, faulted, telling)
    pieces += _pieces(UNAVAILABLE, difference(down, faulted), telling)
    return pieces, union(*known.values(), whole)


def _pieces(
    kind: str, periods: Iterable[Period], telling: Sequence[tuple[Report, Period]]
) -> list[Piece]:
    found = []
    for period in periods:
        reports = [r for r, span in telling if r.status == kind and span.holds(period.start)]
        first = min(reports, key=lambda one: one.order) if reports else None
        code = "" if first is None or first.code == "NoError" else first.code
        found.append(Piece(kind, period, code, "" if first is None else first.ref))
    return found


def _silent(facts: EvseFacts, conventions: Conventions) -> list[Piece]:
    found = silent_outages(facts.tries, conventions.silent_attempts, facts.observed.end)
    return [
        Piece(SILENT, period, ref=one.refs[0])
        for one in found
        for period in clipped((one.period,), facts.observed)
    ]


def _gaps(gaps: Iterable[Gap], conventions: Conventions, within: Period) -> list[Piece]:
    found: dict[str, list[Period]] = {OFFLINE: [], OWN: []}
    refs: dict[tuple[str, Period], str] = {}
    for gap in gaps:
        start = gap.period.start
        if not gap.is_own:
            if gap.period.length <= conventions.offline_after:
                continue
            if conventions.offline_from == THRESHOLD:
                start += conventions.offline_after
        kind = OWN if gap.is_own else OFFLINE
        period = Period(start, gap.period.end)
        found[kind].append(period)
        refs.setdefault((kind, period), gap.ref)
    return [
        Piece(kind, period, ref=_ref_at(kind, period, refs))
        for kind, periods in found.items()
        for period in clipped(periods, within)
    ]


def _ref_at(kind: str, period: Period, refs: Mapping[tuple[str, Period], str]) -> str:
    """The gap that lasted when the outage began."""
    named = (ref for (one, gap), ref in refs.items() if one == kind and gap.holds(period.start))
    return next(named, "")
