"""What a doubtful record of a past session looks like: state, energy, findings (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.demo.visits import Visit
from stations.sessions.findings import Finding, found, settle


@dataclass(frozen=True, slots=True)
class Record:
    """How a session stands in the portal. ``energy_wh`` None: not known."""

    state: str
    energy_wh: int | None
    findings: tuple[Finding, ...]
    stop_reason: str

    @property
    def is_held(self) -> bool:
        """Whether it waits for a person."""
        return any(finding.is_doubtful for finding in self.findings)


def record_of(visit: Visit, *, arrived_late: bool) -> Record:
    """The record of a session, with the doubts that it was given."""
    late = [found("delivered_late", seconds=timedelta(minutes=21))] if arrived_late else []
    if visit.doubt == "end_missing":
        silent = found("silent", at=visit.stopped_at)
        return _record("end_missing", visit.energy_wh, [found("end_missing"), silent], "")
    if visit.doubt == "register_drop":
        before = visit.meter_start_wh + visit.energy_wh // 2
        least = visit.energy_wh - visit.energy_wh // 2
        reset = found("register_reset", before=Decimal(before), after=Decimal(0))
        return _record("ended", least, [reset, *late], visit.stop_reason)
    if visit.doubt == "impossible_power":
        limit = Decimal(visit.evse.max_power_w)
        return _record(
            "ended",
            None,
            [found("impossible_power", max_power_w=limit), found("one_reading_only")],
            visit.stop_reason,
        )
    if visit.doubt == "clock":
        late = [*late, found("clock_drift", seconds=timedelta(seconds=137))]
    return _record("ended", visit.energy_wh, late, visit.stop_reason)


def kept_of(visit: Visit, record: Record) -> dict[str, Any]:
    """Curve and intervals as the reconciler keeps them; no curve without an energy."""
    parked = min(max(visit.charged_until, visit.started_at), visit.stopped_at)
    spans = [
        ("charging", "reported", visit.started_at, parked),
        ("idle", "vehicle", parked, visit.stopped_at),
    ]
    kept: dict[str, Any] = {
        "certainty": "measured" if record.energy_wh == visit.energy_wh else "lower_bound",
        "intervals": [
            {
                "kind": kind,
                "reason": reason,
                "started_at": begin.isoformat(),
                "stopped_at": end.isoformat(),
            }
            for kind, reason, begin, end in spans
            if end > begin
        ],
        "curve": [],
    }
    if record.energy_wh == visit.energy_wh:
        kept["curve"] = [
            [
                one.at.isoformat(),
                str(one.register_wh),
                str(one.register_wh - visit.meter_start_wh),
            ]
            for one in visit.samples
        ]
    return kept


def _record(state: str, energy_wh: int | None, findings: list[Finding], reason: str) -> Record:
    return Record(state, energy_wh, settle(findings), reason)
