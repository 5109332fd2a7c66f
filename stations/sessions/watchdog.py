"""When a session whose end never came is closed, and on what evidence (pure).

Rules S4 to S6 of docs/reconciliation.md. A decision never invents energy: it only says
that the session is over and when the last sign of it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from stations.sessions.findings import Finding, found

GRACE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Signs of an open session. ``ongoing`` and ``messages_in_queue`` are the last answer
    of GetTransactionStatus (OCPP 2.0.1 E14), None when never asked."""

    last_sign_at: datetime
    last_heard_at: datetime
    superseded_at: datetime | None = None
    connector_free_at: datetime | None = None
    ongoing: bool | None = None
    messages_in_queue: bool | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to close; ``stopped_at`` is the last sign of the session."""

    closes: bool
    stopped_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


KEEP = Verdict(closes=False)


def judge(
    evidence: Evidence, now: datetime | None, silence_limit: timedelta = timedelta(hours=24)
) -> Verdict:
    """Decide for an open session. Without ``now`` only facts decide (a later start)."""
    if evidence.messages_in_queue:
        return KEEP  # its end is still on the way
    if evidence.superseded_at is not None:
        return _close(evidence, found("superseded", at=evidence.superseded_at))
    if now is None:
        return KEEP
    free_at = evidence.connector_free_at
    if free_at is not None and free_at >= evidence.last_sign_at and now - free_at >= GRACE:
        return _close(evidence, found("connector_free", at=free_at))
    if evidence.ongoing is False:
        return _close(evidence, found("not_ongoing"))
    if evidence.ongoing is None and now - evidence.last_heard_at >= silence_limit:
        return _close(evidence, found("silent", at=evidence.last_heard_at))
    return KEEP


def _close(evidence: Evidence, why: Finding) -> Verdict:
    stopped_at = evidence.last_sign_at
    if evidence.superseded_at is not None:
        stopped_at = min(stopped_at, evidence.superseded_at)
    return Verdict(True, stopped_at, (found("end_missing"), why))
