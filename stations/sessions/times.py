"""When a session began and ended, in corrected time (pure). Rules T5 to T8."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from stations.sessions.cast import Cast, last_sign
from stations.sessions.clock import Clock, Moment
from stations.sessions.energy import EDGE, Window
from stations.sessions.findings import Finding, found
from stations.sessions.registers import reading_moment
from stations.sessions.watchdog import Verdict


def find_window(
    cast: Cast, clock: Clock, moments: Mapping[str, Moment], verdict: Verdict
) -> tuple[Window, list[Finding]]:
    """The session's span and what was odd about it."""
    findings: list[Finding] = []
    started_at = _start(cast, clock, moments)
    stopped_at = verdict.stopped_at
    if cast.stop is not None:
        stopped_at = moments[cast.stop.key].at
        if started_at is not None and stopped_at < started_at:
            stopped_at = max(started_at, cast.stop.arrived_at)
            findings.append(found("stop_before_start"))
        limit = stopped_at + EDGE
        after = [f for f in cast.used if f.kind == "update" and moments[f.key].at > limit]
        if after:
            findings.append(found("events_after_end", count=len(after)))
    elif stopped_at is not None and started_at is not None:
        stopped_at = max(stopped_at, started_at)
    if _has_untimed_readings(cast, clock):
        findings.append(found("reading_times_unusable"))
    window = Window(
        started_at=started_at,
        stopped_at=stopped_at,
        has_ended=stopped_at is not None,
        start_reported=cast.start is not None,
        stop_reported=cast.stop is not None,
    )
    return window, findings


def _start(cast: Cast, clock: Clock, moments: Mapping[str, Moment]) -> datetime | None:
    """The start's time; if it has no usable one, an earlier reading shows that it was before."""
    if cast.start is None:
        return _earliest(cast, clock, moments)
    told = moments[cast.start.key]
    if told.source != "arrival":
        return told.at
    read = [reading_moment(reading, fact, clock) for fact in cast.used for reading in fact.readings]
    return min([told.at, *(one.at for one in read if one.source != "arrival")])


def _earliest(cast: Cast, clock: Clock, moments: Mapping[str, Moment]) -> datetime | None:
    """First sign of a session whose start is missing; a bare stop tells of no start."""
    times = [moments[fact.key].at for fact in cast.used if fact.kind != "stop"]
    times += [
        reading_moment(reading, fact, clock).at for fact in cast.used for reading in fact.readings
    ]
    earliest = min(times, default=None)
    end = last_sign(cast, clock, moments)
    return earliest if earliest is not None and earliest < end else None


def _has_untimed_readings(cast: Cast, clock: Clock) -> bool:
    return any(
        reading_moment(reading, fact, clock).source == "arrival"
        for fact in cast.used
        if fact.kind in ("update", "readings")
        for reading in fact.readings
    )
