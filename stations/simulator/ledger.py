"""What the simulated stations believe happened, to compare with what the portal recorded."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from stations.simulator.clock import stamp


@dataclass(slots=True, kw_only=True)
class BelievedSession:
    """One session as its station saw it. ``energy_wh`` is what really flowed;
    ``meter_start_wh`` and ``meter_stop_wh`` are what was reported. ``delivered``: every
    message about it was answered."""

    station: str
    version: str
    evse: int
    id_token: str
    transaction_id: str | None
    started_at: datetime
    stopped_at: datetime | None = None
    energy_wh: float = 0.0
    meter_start_wh: int = 0
    meter_stop_wh: int | None = None
    reason: str = ""
    meter_fault: str = "none"
    clock_drift_s: float = 0.0
    begun_offline: bool = False
    delivered: bool = False


@dataclass(slots=True)
class Ledger:
    """Sessions and counts of one run."""

    sessions: list[BelievedSession] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """Count one more of ``what``."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def report(self) -> dict[str, Any]:
        """Everything as JSON values, sessions by station and start."""
        rows = sorted(self.sessions, key=lambda row: (row.station, row.started_at))
        return {
            "sessions": [_plain(row) for row in rows],
            "totals": {
                "sessions": len(rows),
                "ended": sum(row.stopped_at is not None for row in rows),
                "delivered": sum(row.delivered for row in rows),
                "energy_wh": round(sum(row.energy_wh for row in rows), 1),
            },
            "counts": dict(sorted(self.counts.items())),
        }


def _plain(row: BelievedSession) -> dict[str, Any]:
    values = asdict(row)
    values["energy_wh"] = round(row.energy_wh, 1)
    values["started_at"] = stamp(row.started_at)
    values["stopped_at"] = stamp(row.stopped_at) if row.stopped_at else None
    return values
