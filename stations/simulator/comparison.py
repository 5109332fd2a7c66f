"""What stations believe against what the portal recorded (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

TOLERANCE_WH: Final = Decimal(2)
"""1.6 rounds registers to whole Wh at both ends."""

HONEST: Final = frozenset({"none", "mixed_units"})
"""Meters whose figures can be used as they are."""

SILENT: Final = "silent"
"""Its sessions look like those of cars that took nothing; nobody can tell them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One session of the database."""

    station: str
    transaction_id: str
    state: str
    energy_wh: Decimal | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree. ``kind``: missing, twice, open, energy, not_held, extra."""

    kind: str
    station: str
    transaction_id: str | None
    believed: str
    recorded: str


def compare(
    believed: Sequence[Mapping[str, Any]], recorded: Sequence[Recorded]
) -> list[Difference]:
    """All differences. Sessions of bad meters must be right or held; those that were not
    delivered (the run ended first) may be missing."""
    by_key: dict[tuple[str, str], list[Recorded]] = {}
    for row in recorded:
        by_key.setdefault((row.station.upper(), row.transaction_id), []).append(row)
    differences: list[Difference] = []
    known = set()
    for session in believed:
        key = (session["station"].upper(), str(session["transaction_id"]))
        known.add(key)
        differences += _compare_one(session, by_key.get(key, []))
    differences += [
        Difference("extra", row.station, row.transaction_id, "", row.state)
        for key, rows in by_key.items()
        if key not in known
        for row in rows
    ]
    return differences


def _compare_one(session: Mapping[str, Any], rows: Sequence[Recorded]) -> list[Difference]:
    def differs(kind: str, believed: object, recorded: object) -> list[Difference]:
        place = (session["station"], session["transaction_id"])
        return [Difference(kind, *place, str(believed), str(recorded))]

    if not rows:
        return differs("missing", session["energy_wh"], "") if session["delivered"] else []
    if len(rows) > 1:
        return differs("twice", 1, len(rows))
    row = rows[0]
    if not session["delivered"]:
        return []
    if row.state != "ended":
        return differs("open", "ended", row.state)
    truth = Decimal(str(session["energy_wh"]))
    if row.energy_wh is not None and abs(row.energy_wh - truth) <= TOLERANCE_WH:
        return []
    if session["meter_fault"] == SILENT and row.energy_wh == 0:
        return []
    if session["meter_fault"] in HONEST:
        return differs("energy", truth, row.energy_wh)
    return [] if row.is_held else differs("not_held", truth, row.energy_wh)


def summary(
    believed: Sequence[Mapping[str, Any]],
    recorded: Sequence[Recorded],
    differences: Sequence[Difference],
) -> dict[str, Any]:
    """The outcome as JSON values."""
    return {
        "agree": not differences,
        "believed": {
            "sessions": len(believed),
            "energy_wh": round(sum(row["energy_wh"] for row in believed), 1),
        },
        "recorded": {
            "sessions": len(recorded),
            "energy_wh": str(sum((row.energy_wh or Decimal(0) for row in recorded), Decimal(0))),
        },
        "differences": [asdict(difference) for difference in differences],
    }
