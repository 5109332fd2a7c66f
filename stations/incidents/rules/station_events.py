"""Troubles that a station's other messages tell of: restarts, refused cards, security events,
certificates (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from stations.incidents.rules.finding import Finding
from stations.incidents.rules.statuses import Settings

ROUTINE: Final = frozenset(
    {
        "firmwareupdated", "settingsystemtime", "startupofthedevice", "resetorreboot",
        "reconfigurationofsecurityparameters",
    }
)  # fmt: skip
"""Security events that only note what was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationTold:
    """What one station told lately, each in order of time: restarts, (time, token, accepted),
    (time, name, row) of security events, (name, end) of certificates."""

    station: int
    boots: Sequence[datetime] = ()
    attempts: Sequence[tuple[datetime, str, bool]] = ()
    security: Sequence[tuple[datetime, str, str]] = ()
    certificates: Sequence[tuple[str, datetime]] = ()


def told_findings(
    stations: Iterable[StationTold], settings: Settings, now: datetime
) -> list[Finding]:
    """All rules that go by these messages."""
    rules = (boot_loop, refused, security, certificate)
    return [
        found
        for one in stations
        for rule in rules
        if (found := rule(one, settings, now)) is not None
    ]


def boot_loop(one: StationTold, settings: Settings, now: datetime) -> Finding | None:
    """So many restarts within an hour."""
    setting = settings(one.station, "boot_loop")
    recent = [at for at in one.boots if at > now - setting.span("within_s")]
    if not setting.is_enabled or len(recent) < setting.number("times"):
        return None
    return Finding(
        rule="boot_loop", kind="boot_loop", station=one.station, since_at=min(recent),
        severity=setting.severity,
        facts={"times": len(recent), "within_s": setting.number("within_s")},
    )  # fmt: skip


def refused(one: StationTold, settings: Settings, now: datetime) -> Finding | None:
    """Refusals in a row of different cards: the reader or the list, not the cards."""
    setting = settings(one.station, "refused")
    run: list[tuple[datetime, str]] = []
    for at, token, accepted in reversed(one.attempts):
        if accepted or at <= now - setting.span("within_s"):
            break
        run.append((at, token))
    tokens = {token for _at, token in run}
    if not setting.is_enabled or len(run) < setting.number("in_a_row"):
        return None
    if len(tokens) < setting.number("tokens"):
        return None
    return Finding(
        rule="refused", kind="refused", station=one.station, since_at=run[-1][0],
        severity=setting.severity, facts={"attempts": len(run), "tokens": len(tokens)},
    )  # fmt: skip


def security(one: StationTold, settings: Settings, now: datetime) -> Finding | None:
    """Security events that are no mere notes."""
    setting = settings(one.station, "security")
    grave = [
        event
        for event in one.security
        if event[0] > now - setting.span("within_s") and event[1].lower() not in ROUTINE
    ]
    if not setting.is_enabled or not grave:
        return None
    names = sorted({name for _at, name, _ref in grave})
    return Finding(
        rule="security", kind="security", station=one.station, since_at=grave[0][0],
        severity=setting.severity, code=grave[-1][1],
        facts={"events": len(grave), "names": names[:5]}, ref=grave[-1][2],
    )  # fmt: skip


def certificate(one: StationTold, settings: Settings, now: datetime) -> Finding | None:
    """A certificate that ends soon, or has ended."""
    setting = settings(one.station, "certificate")
    ahead = timedelta(days=setting.number("days"))
    soon = [(end, name) for name, end in one.certificates if end < now + ahead]
    if not setting.is_enabled or not soon:
        return None
    end, name = min(soon)
    return Finding(
        rule="certificate", kind="certificate", station=one.station,
        since_at=min(max(end - ahead, now - timedelta(days=365)), now),
        severity="p2" if end < now else setting.severity,
        facts={"name": name, "ends_at": end.isoformat()},
    )  # fmt: skip
