"""The register curve and the intervals of a session as its row keeps them (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from stations.sessions.findings import plain_number
from stations.sessions.reconcile import SessionTruth


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """The session's energy at an instant of corrected time, and the register it was read from."""

    at: datetime
    register_wh: Decimal
    energy_wh: Decimal


@dataclass(frozen=True, slots=True)
class StoredInterval:
    """A stretch that charged or stood idle, with the reconciler's words for both."""

    kind: str
    reason: str
    started_at: datetime
    stopped_at: datetime


def encode(truth: SessionTruth) -> dict[str, Any]:
    """What ``Session.intervals`` keeps of a truth; figures as text, instants as ISO 8601."""
    return {
        "certainty": truth.certainty,
        "intervals": [
            {
                "kind": one.kind,
                "reason": one.reason,
                "started_at": one.started_at.isoformat(),
                "stopped_at": one.stopped_at.isoformat(),
            }
            for one in truth.intervals
        ],
        "curve": [
            [one.at.isoformat(), plain_number(one.register_wh), plain_number(one.energy_wh)]
            for one in truth.curve
        ],
    }


def curve_of(stored: Mapping[str, Any]) -> tuple[StoredPoint, ...]:
    """The curve in order of time; empty for a session that was reconciled before curves were kept.

    Raises ValueError for what ``encode`` did not write.
    """
    try:
        return tuple(
            StoredPoint(datetime.fromisoformat(at), Decimal(register), Decimal(energy))
            for at, register, energy in stored.get("curve", ())
        )
    except (TypeError, InvalidOperation) as error:
        raise ValueError("no stored curve") from error


def in_columns(stored: dict[str, Any]) -> dict[str, Any]:
    """The same with the texts of its curve in columns in place of a list for each reading, which
    the garbage collector would walk again and again while many sessions are in memory."""
    curve = stored.pop("curve", None)
    if curve:
        try:
            times, _registers, energies = zip(*curve, strict=True)
        except (TypeError, ValueError):
            return stored | {"curve": curve}
        stored["columns"] = (times, energies)
    return stored


def energies_of(stored: Mapping[str, Any]) -> tuple[list[datetime], list[Decimal]]:
    """The curve in columns without its registers, which costs a fraction; raises ValueError as
    ``curve_of``. Takes what ``in_columns`` gave too."""
    columns = stored.get("columns") or in_columns(dict(stored)).get("columns")
    if not columns:
        if stored.get("curve"):
            raise ValueError("no stored curve")
        return [], []
    times, energies = columns
    try:
        return list(map(datetime.fromisoformat, times)), list(map(Decimal, energies))
    except (TypeError, InvalidOperation) as error:
        raise ValueError("no stored curve") from error


def intervals_of(stored: Mapping[str, Any]) -> tuple[StoredInterval, ...]:
    """The intervals in order of time; raises ValueError for what ``encode`` did not write."""
    try:
        return tuple(
            StoredInterval(
                one["kind"],
                one["reason"],
                datetime.fromisoformat(one["started_at"]),
                datetime.fromisoformat(one["stopped_at"]),
            )
            for one in stored.get("intervals", ())
        )
    except (TypeError, KeyError) as error:
        raise ValueError("no stored intervals") from error
