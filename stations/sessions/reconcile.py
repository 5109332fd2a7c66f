"""One truthful session out of everything a station said about it (pure).

``reconcile`` takes the facts of one session in any order, any number of times, and gives
the same result. ``grouping`` decides which facts belong to one session, ``truths`` does
both. The rules, each with its clause and test cases, are in docs/reconciliation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from stations.sessions.cast import Cast, cast_facts, last_sign, token_of
from stations.sessions.clock import learn_clock
from stations.sessions.clock_findings import clock_findings
from stations.sessions.context import SessionContext, StatusPoint
from stations.sessions.energy import Certainty, CurvePoint, measure
from stations.sessions.facts import Fact
from stations.sessions.findings import Finding, found, settle
from stations.sessions.intervals import Interval, split_time
from stations.sessions.merge import distinct, known_id, moment_of
from stations.sessions.registers import extract
from stations.sessions.times import find_window
from stations.sessions.watchdog import KEEP, Evidence, Verdict, judge

State = Literal["active", "ended", "end_missing", "start_missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTruth:
    """What is known of a session. ``energy_wh`` is None when not known, never 0 instead.

    ``stopped_at`` of ``end_missing`` is the last sign of it. ``is_held``: a finding is
    doubtful, so a person must look before the session is billed.
    """

    station: str
    evse: int | None
    connector: int | None
    transactions: tuple[str, ...]
    id_token: str | None
    started_at: datetime | None
    stopped_at: datetime | None
    state: State
    stop_reason: str | None
    energy_wh: Decimal | None
    curve: tuple[CurvePoint, ...]
    intervals: tuple[Interval, ...]
    certainty: Certainty
    findings: tuple[Finding, ...]

    @property
    def is_held(self) -> bool:
        """Whether any finding is doubtful."""
        return any(one.is_doubtful for one in self.findings)


def reconcile(
    facts: Iterable[Fact], context: SessionContext, now: datetime | None = None
) -> SessionTruth:
    """The truth about the one session that ``facts`` (at least one) tell of.

    ``now`` lets the watchdog close a session whose end never came; without it only facts do.
    """
    everything = tuple(facts)
    once = distinct(everything)
    if not once:
        raise ValueError("a session needs at least one fact")
    clock = context.clock or learn_clock(once)
    moments = {fact.key: moment_of(fact, clock) for fact in once}
    cast = cast_facts(once, moments)
    sign_at = last_sign(cast, clock, moments)
    verdict = _verdict(cast, context, sign_at, now)
    window, time_findings = find_window(cast, clock, moments, verdict)
    energy = measure(extract(cast.used, clock, context.quirks), window, context)
    states = context.statuses or tuple(
        StatusPoint(at=moments[fact.key].at, status=fact.charging_state)
        for fact in cast.used
        if fact.charging_state
    )
    findings = (
        *context.match_findings,
        *cast.findings,
        *verdict.findings,
        *time_findings,
        *clock_findings(once, moments, context.zone),
        *energy.findings,
        *(found(note) for fact in once for note in fact.notes),
    )
    return SessionTruth(
        station=once[0].station,
        evse=_first(fact.evse for fact in cast.used),
        connector=_first(fact.connector for fact in cast.used),
        transactions=tuple(sorted({name for fact in everything if (name := known_id(fact))})),
        id_token=token_of(cast),
        started_at=window.started_at,
        stopped_at=window.stopped_at,
        state=_state(cast, verdict),
        stop_reason=cast.stop.reason if cast.stop else None,
        energy_wh=energy.energy_wh,
        curve=energy.curve,
        intervals=split_time(window.started_at, window.stopped_at or sign_at, states, energy.curve),
        certainty=energy.certainty,
        findings=settle(findings),
    )


def _verdict(
    cast: Cast, context: SessionContext, sign_at: datetime, now: datetime | None
) -> Verdict:
    """What the watchdog says of a session without a stop."""
    if cast.stop is not None:
        return KEEP
    evidence = Evidence(
        last_sign_at=sign_at,
        last_heard_at=max(fact.arrived_at for fact in cast.used),
        superseded_at=context.superseded_at,
        connector_free_at=context.connector_free_at,
        ongoing=context.ongoing,
        messages_in_queue=context.messages_in_queue,
    )
    return judge(evidence, now, context.silence_limit)


def _state(cast: Cast, verdict: Verdict) -> State:
    if cast.start is None:
        return "start_missing"
    if cast.stop is not None:
        return "ended"
    return "end_missing" if verdict.closes else "active"


def _first(numbers: Iterable[int | None]) -> int | None:
    """The first number that names something (0 is the whole station)."""
    return next((number for number in numbers if number), None)


def held_codes(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Codes that hold a session, each once."""
    return tuple(sorted({one.code for one in findings if one.is_doubtful}))
