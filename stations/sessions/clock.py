"""A station's clock against ours: which time a message really tells of (pure).

Station time is kept as sent. The lag of a message is arrival minus station time. Live
messages share one lag (the clock's error), queued ones do not: they arrive together but
tell of different times. So an error is believed when two messages that arrived at least
half a minute apart have the same lag; a message from the future is an error by itself.
Rules C1 to C7 of docs/reconciliation.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from stations.sessions.facts import Fact

TOLERANCE = timedelta(seconds=60)
SPAN = timedelta(seconds=30)
BUCKET_S = 10
LONGEST_QUEUE = timedelta(days=366)
FURTHEST_AHEAD = timedelta(hours=26)
QUARTER = timedelta(minutes=15)
SNAP = timedelta(seconds=30)
ZONES_WITHIN = timedelta(hours=14)

Source = Literal["station", "offset", "queued", "arrival"]


@dataclass(frozen=True, slots=True, order=True)
class OffsetPoint:
    """At station time ``station_at`` the clock needed ``offset`` added to be right."""

    station_at: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """A corrected instant. ``source``: station (as sent), offset (clock error of live
    messages), queued (told late; error known for that time), arrival (no usable time)."""

    at: datetime
    source: Source
    offset: timedelta | None


@dataclass(frozen=True, slots=True)
class Clock:
    """What the messages of a station tell about its clock."""

    points: tuple[OffsetPoint, ...] = ()
    spans: dict[int, timedelta] = field(default_factory=dict)

    def correct(self, at: datetime | None, arrived_at: datetime, offline: bool = False) -> Moment:
        """The best instant for a station time; never later than the arrival by much."""
        if at is None:
            return Moment(arrived_at, "arrival", None)
        lag = arrived_at - at
        if not offline:
            live = self._live(at, arrived_at, lag)
            if live is not None:
                return live
        if lag > LONGEST_QUEUE or lag < -FURTHEST_AHEAD:
            return Moment(arrived_at, "arrival", None)
        offset = self._known_for(at, arrived_at)
        if lag >= -TOLERANCE or offset:
            return Moment(min(at + offset, arrived_at), "queued", offset)
        return Moment(min(at + _snap(lag), arrived_at), "offset", _snap(lag))

    def _live(self, at: datetime, arrived_at: datetime, lag: timedelta) -> Moment | None:
        if abs(lag) <= TOLERANCE:
            return Moment(at, "station", timedelta(0))
        offset = self.spans.get(_bucket(lag))
        if offset is None:
            return None
        return Moment(min(at + offset, arrived_at), "offset", offset)

    def _known_for(self, at: datetime, arrived_at: datetime) -> timedelta:
        """The offset last seen before ``at``, else first seen after, if it makes sense."""
        fitting = [p for p in self.points if at <= arrived_at + TOLERANCE - p.offset]
        before = [p for p in fitting if p.station_at <= at]
        if before:
            return max(before).offset
        return min(fitting).offset if fitting else timedelta(0)


def fact_time(fact: Fact) -> datetime | None:
    """Station time of a fact: its own, else the latest of its readings."""
    if fact.at is not None:
        return fact.at
    times = [reading.at for reading in fact.readings if reading.at is not None]
    return max(times) if times else None


def learn_clock(facts: Iterable[Fact], known: tuple[OffsetPoint, ...] | None = None) -> Clock:
    """The clock as the live ones among ``facts`` show it.

    ``known``: offsets seen on the connection's other messages, used for queued facts too.
    """
    stamps = {(at, f.arrived_at) for f in facts if not f.offline and (at := fact_time(f))}
    spans = _spans(stamps)
    points = set(known or ())
    for at, arrived_at in stamps:
        lag = arrived_at - at
        if abs(lag) <= TOLERANCE:
            points.add(OffsetPoint(at, timedelta(0)))
        elif _bucket(lag) in spans:
            points.add(OffsetPoint(at, spans[_bucket(lag)]))
    return Clock(_changes(points), spans)


def is_local_time(offset: timedelta, utc_offset: timedelta | None) -> bool:
    """Whether a clock error is just the zone: local time marked as UTC."""
    return bool(utc_offset) and offset == -(utc_offset or timedelta(0))


def _changes(points: set[OffsetPoint]) -> tuple[OffsetPoint, ...]:
    """Points in order of time, only those where the offset becomes another."""
    kept: list[OffsetPoint] = []
    for point in sorted(points):
        if not kept or kept[-1].offset != point.offset:
            kept.append(point)
    return tuple(kept)


def _spans(stamps: set[tuple[datetime, datetime]]) -> dict[int, timedelta]:
    """Clock error per bucket of lags, for buckets that live messages prove."""
    buckets: dict[int, list[tuple[timedelta, datetime]]] = defaultdict(list)
    for at, arrived_at in stamps:
        lag = arrived_at - at
        if abs(lag) > TOLERANCE:
            buckets[_bucket(lag)].append((lag, arrived_at))
    proven: dict[int, timedelta] = {}
    for bucket in buckets:
        near = [one for step in (-1, 0, 1) for one in buckets.get(bucket + step, ())]
        arrivals = [arrived_at for _lag, arrived_at in near]
        if max(arrivals) - min(arrivals) >= SPAN:
            proven[bucket] = _snap(min(lag for lag, _arrived_at in near))
    return proven


def _bucket(lag: timedelta) -> int:
    return int(lag // timedelta(seconds=BUCKET_S))


def _snap(offset: timedelta) -> timedelta:
    """A clock error close to whole quarters of an hour is a wrong zone: make it exact."""
    quarters = round(offset / QUARTER) * QUARTER
    if quarters and abs(offset) <= ZONES_WITHIN and abs(offset - quarters) <= SNAP:
        return quarters
    return offset
