"""Troubles that the present status of a connector tells of (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from stations.incidents.rules.codes import SAFETY, THERMAL, VEHICLE, Meaning
from stations.incidents.rules.finding import Finding, Setting

Settings = Callable[[int, str], Setting]
"""The setting of a rule for a station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorFacts:
    """A connector (EVSE 0: the station itself) in a status since then. ``has_session``: one runs
    at the EVSE; ``taken_out``: a person took it out of service."""

    station: int
    evse: int
    status: str
    since_at: datetime
    meaning: Meaning | None = None
    has_session: bool = False
    taken_out: bool = False
    ref: str = ""


def status_findings(
    connectors: Iterable[ConnectorFacts], settings: Settings, now: datetime
) -> Iterator[Finding]:
    """Faults by class, what is out of service without anybody's doing, what is stuck."""
    for one in connectors:
        found = _of(one, settings, now)
        if found is not None:
            yield found


def _of(one: ConnectorFacts, settings: Settings, now: datetime) -> Finding | None:
    lasted = now - one.since_at
    if one.status == "faulted":
        rule = _rule_of_fault(one.meaning)
        setting = settings(one.station, rule)
        late = "after_s" in setting.figures and lasted < setting.span("after_s")
        return None if late else _finding(one, rule, setting)
    if one.status == "unavailable" and not one.taken_out:
        setting = settings(one.station, "unavailable")
        return _finding(one, "unavailable", setting) if lasted >= setting.span("after_s") else None
    if one.status in {"preparing", "charging"} and not one.has_session:
        setting = settings(one.station, "stuck")
        limit = "preparing_s" if one.status == "preparing" else "no_session_s"
        return _finding(one, "stuck", setting) if lasted >= setting.span(limit) else None
    return None


def _rule_of_fault(meaning: Meaning | None) -> str:
    special = {SAFETY: "safety", THERMAL: "temperature", VEHICLE: "vehicle_fault"}
    return special.get(meaning.fault_class if meaning else "", "faulted")


def _finding(one: ConnectorFacts, rule: str, setting: Setting) -> Finding | None:
    if not setting.is_enabled:
        return None
    meaning = one.meaning or Meaning("", "")
    return Finding(
        rule=rule,
        kind={"vehicle_fault": "faulted"}.get(rule, rule),
        station=one.station,
        evse=one.evse,
        since_at=one.since_at,
        severity=setting.severity,
        code=meaning.code,
        facts={
            "status": one.status,
            "class": meaning.fault_class,
            "code": meaning.code,
            "meaning": meaning.text,
        },
        ref=one.ref,
    )
