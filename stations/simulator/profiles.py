"""Charging profiles as a station applies them, of 1.6 and 2.0.1 alike (pure).

Of the profiles for an EVSE, those of a transaction go before the defaults, higher stack
levels before lower; a station-wide maximum caps the result (OCPP 1.6 §3.13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

VOLTAGE_V: Final = 230.0
STATION_WIDE: Final = frozenset({"ChargePointMaxProfile", "ChargingStationMaxProfile"})
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile. ``evse`` 0: for all. ``periods``: (seconds from begin, limit in W)."""

    number: int
    evse: int
    purpose: str
    kind: str
    stack_level: int
    begins_at: datetime | None
    duration_s: int | None
    periods: tuple[tuple[int, float], ...]
    valid_from: datetime | None
    valid_to: datetime | None
    raw: Mapping[str, Any]


def parse_profile(evse: int, raw: Mapping[str, Any]) -> Profile:
    """A profile as the ocpp package hands it over (snake case). Raises KeyError or
    ValueError when a member is missing or unreadable."""
    schedule = raw["charging_schedule"]
    if isinstance(schedule, list):
        schedule = schedule[0]
    in_amperes = schedule["charging_rate_unit"] == "A"
    periods = tuple(
        (
            int(period["start_period"]),
            float(period["limit"])
            * (VOLTAGE_V * int(period.get("number_phases") or 3) if in_amperes else 1),
        )
        for period in schedule["charging_schedule_period"]
    )
    return Profile(
        number=int(raw.get("charging_profile_id", raw.get("id", 0))),
        evse=evse,
        purpose=str(raw["charging_profile_purpose"]),
        kind=str(raw["charging_profile_kind"]),
        stack_level=int(raw["stack_level"]),
        begins_at=_instant(schedule.get("start_schedule")),
        duration_s=schedule.get("duration"),
        periods=periods,
        valid_from=_instant(raw.get("valid_from")),
        valid_to=_instant(raw.get("valid_to")),
        raw=raw,
    )


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def limit_w(
    profiles: Iterable[Profile], evse: int, at: datetime, started_at: datetime | None
) -> float | None:
    """What an EVSE may take at ``at`` in W; None when nothing limits it."""
    cap: float | None = None
    ranked: list[tuple[bool, int, float]] = []
    for profile in profiles:
        limit = _limit_of(profile, at, started_at)
        if limit is None or profile.evse not in (0, evse):
            continue
        if profile.purpose in STATION_WIDE:
            cap = limit if cap is None else min(cap, limit)
        elif profile.purpose != "TxProfile" or started_at is not None:
            ranked.append((profile.purpose == "TxProfile", profile.stack_level, limit))
    if ranked:
        own = max(ranked)[2]
        return own if cap is None else min(cap, own)
    return cap


def _limit_of(profile: Profile, at: datetime, started_at: datetime | None) -> float | None:
    if profile.valid_from and at < profile.valid_from:
        return None
    if profile.valid_to and at >= profile.valid_to:
        return None
    passed_s = _passed_s(profile, at, started_at)
    if passed_s < 0 or (profile.duration_s is not None and passed_s >= profile.duration_s):
        return None
    current = None
    for start_s, limit in profile.periods:
        if start_s <= passed_s:
            current = limit
    return current


def _passed_s(profile: Profile, at: datetime, started_at: datetime | None) -> float:
    if profile.kind == "Relative" or profile.begins_at is None:
        return (at - (started_at or at)).total_seconds()
    passed_s = (at - profile.begins_at).total_seconds()
    if profile.kind == "Recurring" and passed_s >= 0:
        weekly = profile.raw.get("recurrency_kind") == "Weekly"
        return passed_s % (_DAY_S * 7 if weekly else _DAY_S)
    return passed_s


def composite(
    profiles: Iterable[Profile], evse: int, begin: datetime, duration_s: int, greatest_w: float
) -> list[tuple[int, float]]:
    """The schedule that results for ``duration_s`` from ``begin``: (second, W), minute-wise."""
    chosen = list(profiles)
    steps: list[tuple[int, float]] = []
    for second in range(0, max(1, duration_s), 60):
        limit = limit_w(chosen, evse, begin + timedelta(seconds=second), begin)
        power = greatest_w if limit is None else min(limit, greatest_w)
        if not steps or steps[-1][1] != power:
            steps.append((second, power))
    return steps
