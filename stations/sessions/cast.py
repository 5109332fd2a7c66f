"""The part each fact plays in a session: start, stop, what counts, what is left aside (pure).

Rules S1 to S3 and T1 to T4 of docs/reconciliation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stations.sessions.clock import Clock, Moment
from stations.sessions.facts import Fact
from stations.sessions.findings import Finding, found
from stations.sessions.merge import same_token
from stations.sessions.registers import reading_moment

FREE_TO_ALL = "NoAuthorization"


@dataclass(frozen=True, slots=True)
class Cast:
    """A session's facts by the part they play; ``used`` (start first, stop last) count."""

    start: Fact | None
    stop: Fact | None
    used: tuple[Fact, ...]
    findings: tuple[Finding, ...]


def cast_facts(facts: Sequence[Fact], moments: Mapping[str, Moment]) -> Cast:
    """Choose the start and the stop that count: the first of each that was heard."""
    starts = sorted((f for f in facts if f.kind == "start"), key=lambda f: (f.arrived_at, f.key))
    stops = sorted(
        (f for f in facts if f.kind == "stop"),
        key=lambda f: (not _has_register(f), f.arrived_at, f.key),
    )
    between = sorted(
        (f for f in facts if f.kind in ("update", "readings")),
        key=lambda f: (moments[f.key].at, f.seq_no or 0, f.arrived_at, f.key),
    )
    used = (*starts[:1], *between, *stops[:1])
    findings = [*_repeats("start", starts), *_repeats("stop", stops)]
    cast = Cast(starts[0] if starts else None, stops[0] if stops else None, used, ())
    findings += _token_findings(cast)
    if cast.start is None:
        findings.append(found("start_missing"))
    return Cast(cast.start, cast.stop, used, tuple(findings))


def token_of(cast: Cast) -> str | None:
    """The token as sent: the start's, else the first later one; the stop's at last."""
    return next((fact.id_token for fact in cast.used if fact.id_token), None)


def last_sign(cast: Cast, clock: Clock, moments: Mapping[str, Moment]) -> datetime:
    """The latest instant that any counting fact or reading tells of."""
    times = [moments[fact.key].at for fact in cast.used]
    times += [
        reading_moment(reading, fact, clock).at for fact in cast.used for reading in fact.readings
    ]
    return max(times)


def _has_register(stop: Fact) -> bool:
    return (stop.meter_wh is not None and stop.meter_wh > 0) or bool(stop.readings)


def _repeats(kind: str, facts: Sequence[Fact]) -> list[Finding]:
    """Further starts or stops: the same again, or another claim."""
    if len(facts) < 2:
        return []
    first = facts[0]
    differ = any(
        (other.meter_wh, other.evse) != (first.meter_wh, first.evse)
        or (kind == "start" and same_token(first.id_token, other.id_token) is False)
        or (first.version != "1.6" and other.readings != first.readings)
        for other in facts[1:]
    )
    code = f"{kind}_conflict" if differ else f"{kind}_repeated"
    return [found(code) if differ else found(code, count=len(facts))]


def _token_findings(cast: Cast) -> list[Finding]:
    findings: list[Finding] = []
    if token_of(cast) is None:
        findings.append(_without_token(cast))
    answers = [f.accepted for f in cast.used if f.kind != "stop" and f.accepted is not None]
    if answers and not any(answers):
        findings.append(found("token_rejected"))
    if cast.start and cast.stop and same_token(cast.start.id_token, cast.stop.id_token) is False:
        findings.append(found("stop_token_differs"))
    return findings


def _without_token(cast: Cast) -> Finding:
    """Why there is no token: free to all, started remotely, or nobody knows."""
    if any(fact.id_token_type == FREE_TO_ALL for fact in cast.used):
        return found("no_authorisation")
    remote = next((f.remote_start for f in cast.used if f.remote_start is not None), None)
    if remote is not None:
        return found("token_from_remote_start", remote_start=remote)
    return found("token_missing", None if cast.stop else "info")  # it may still come
