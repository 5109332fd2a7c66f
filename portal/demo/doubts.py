"""What a doubtful record of a past session looks like: state, energy, findings (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from portal.demo.visits import Sampled, Visit
from stations.sessions.findings import Finding, found, settle

WRONG_END_WH: Final = 4_000_000
"""How far the register of a corrupted meter rushes ahead at the end."""
_A_MOMENT: Final = timedelta(seconds=10)


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
        reset = found("register_reset", before=Decimal(_half_way(visit)), after=Decimal(0))
        return _record("ended", visit.energy_wh, [reset, *late], visit.stop_reason)
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


def meter_of(visit: Visit) -> list[Sampled]:
    """What the meter showed: it begins at 0 anew half-way, or rushes ahead, where that is the
    doubt; else what was so."""
    if visit.doubt == "impossible_power":
        last = visit.samples[-1]
        return [visit.samples[0], replace(last, register_wh=last.register_wh + WRONG_END_WH)]
    if visit.doubt != "register_drop":
        return visit.samples
    half = _half_way(visit)
    before = [one for one in visit.samples if one.register_wh <= half]
    after = [
        replace(one, register_wh=one.register_wh - half) for one in visit.samples[len(before) :]
    ]
    at = before[-1].at + (after[0].at - before[-1].at) / 2
    fell = replace(before[-1], at=at, register_wh=half)
    return [*before, fell, replace(fell, at=at + _A_MOMENT, register_wh=0), *after]


def kept_of(visit: Visit, record: Record) -> dict[str, Any]:
    """Curve and intervals as the reconciler keeps them; no curve without an energy."""
    parked = min(max(visit.charged_until, visit.started_at), visit.stopped_at)
    spans = [
        ("charging", "reported", visit.started_at, parked),
        ("idle", "vehicle", parked, visit.stopped_at),
    ]
    is_sure = record.energy_wh is not None and visit.doubt != "register_drop"
    return {
        "certainty": "measured" if is_sure else "lower_bound",
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
        "curve": [] if record.energy_wh is None else list(_curve(visit)),
    }


def _curve(visit: Visit) -> Iterator[list[str]]:
    """Instant, register and energy so far, at each reading."""
    energy_wh, before = 0, visit.meter_start_wh
    for one in meter_of(visit):
        energy_wh += max(0, one.register_wh - before)
        before = one.register_wh
        yield [one.at.isoformat(), str(one.register_wh), str(energy_wh)]


def _half_way(visit: Visit) -> int:
    return visit.meter_start_wh + visit.energy_wh // 2


def _record(state: str, energy_wh: int | None, findings: list[Finding], reason: str) -> Record:
    return Record(state, energy_wh, settle(findings), reason)
