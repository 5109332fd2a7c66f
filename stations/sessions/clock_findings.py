"""What a session's times say about the station's clock (pure). Rules C1 to C7."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo

from stations.sessions.clock import (
    LONGEST_QUEUE,
    TOLERANCE,
    Moment,
    fact_time,
    is_local_time,
)
from stations.sessions.facts import Fact
from stations.sessions.findings import Finding, found


def clock_findings(
    facts: Sequence[Fact], moments: Mapping[str, Moment], zone: tzinfo
) -> list[Finding]:
    """Findings about corrected, replaced and late times."""
    findings = set(_drifts(facts, moments, zone))
    for fact in facts:
        if moments[fact.key].source == "arrival" and fact.kind in ("start", "stop"):
            findings.add(found("clock_unusable", raw=fact.at_raw[:40]))
    late = [
        fact.arrived_at - moments[fact.key].at
        for fact in facts
        if moments[fact.key].source == "queued"
    ]
    if late and max(late) > TOLERANCE:
        findings.add(found("delivered_late", seconds=max(late)))
    return sorted(findings)


def _drifts(facts: Sequence[Fact], moments: Mapping[str, Moment], zone: tzinfo) -> list[Finding]:
    """One finding per kind of clock error, with the largest correction."""
    largest: dict[str, timedelta] = {}
    for fact in facts:
        moment, at = moments[fact.key], fact_time(fact)
        if not moment.offset or at is None:
            continue
        code = "clock_drift"
        if abs(moment.offset) > LONGEST_QUEUE:
            code = "clock_unset"
        elif is_local_time(moment.offset, moment.at.astimezone(zone).utcoffset()):
            code = "clock_local_time"
        if code not in largest or abs(moment.offset) > abs(largest[code]):
            largest[code] = moment.offset
    return [
        found(code) if code == "clock_unset" else found(code, seconds=offset)
        for code, offset in sorted(largest.items())
    ]
