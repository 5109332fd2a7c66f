"""Troubles that sessions tell of: no energy, broken off, meter, clock, little power (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from stations.incidents.rules.finding import Finding, Setting
from stations.incidents.rules.statuses import Settings

BAD_REASONS: Final = frozenset(
    {
        "emergencystop", "groundfault", "hardreset", "immediatereset", "overcurrentfault",
        "powerloss", "powerquality", "reboot", "softreset", "other",
    }
)  # fmt: skip
METER_FINDINGS: Final = frozenset(
    {
        "meter_start_not_credible", "meter_stop_not_credible", "register_outlier", "register_reset",
        "register_jump", "impossible_power", "unit_jump", "unit_implausible", "no_readings",
        "power_contradicts_register", "meter_missing", "meter_negative", "sample_unreadable",
    }
)  # fmt: skip
CLOCK_FINDINGS: Final = frozenset(
    {"clock_drift", "clock_local_time", "clock_unset", "clock_unusable", "time_implausible"}
)
GOOD_BEFORE: Final = 0.9
"""Success rate of an EVSE of which too little is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """One ended session. ``power_w``: its mean while energy flowed; None: not known."""

    at: datetime
    driver: str
    energy_wh: float | None
    reason: str = ""
    findings: tuple[str, ...] = ()
    power_w: float | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseSessions:
    """The sessions of one EVSE in order of time; ``rating_w``: what it can deliver."""

    station: int
    evse: int
    sessions: Sequence[SessionFacts]
    rating_w: int = 0


def session_findings(evses: Iterable[EvseSessions], settings: Settings) -> Iterator[Finding]:
    """All rules that go by sessions, EVSE by EVSE."""
    for one in evses:
        for rule, judge in _RULES.items():
            setting = settings(one.station, rule)
            if setting.is_enabled and one.sessions:
                found = judge(one, setting)
                if found is not None:
                    yield found


def _run(
    sessions: Sequence[SessionFacts], bad: Callable[[SessionFacts], bool]
) -> list[SessionFacts]:
    """The newest sessions in a row that are bad, oldest first."""
    found: list[SessionFacts] = []
    for session in reversed(sessions):
        if not bad(session):
            break
        found.append(session)
    return found[::-1]


def _in_a_row(
    one: EvseSessions, run: list[SessionFacts], setting: Setting, rule: str
) -> Finding | None:
    drivers = {session.driver for session in run}
    enough = setting.figures.get("drivers", 1)
    if len(run) < setting.number("in_a_row") or len(drivers) < enough:
        return None
    return Finding(
        rule=rule,
        kind=rule,
        station=one.station,
        evse=one.evse,
        since_at=run[0].at,
        severity=setting.severity,
        code=run[-1].reason if rule == "stop_reason" else "",
        facts={
            "sessions": len(run),
            "drivers": len(drivers),
            "since": run[0].ref,
            "what": sorted({code for session in run for code in session.findings})[:5],
        },
        ref=run[-1].ref,
    )


def zero_energy(one: EvseSessions, setting: Setting) -> Finding | None:
    """So many sessions in a row without energy, by different drivers, that it is no chance:
    the probability of such a row at the EVSE's own success rate is below ``alpha``."""
    least = setting.number("energy_wh")

    def is_empty(session: SessionFacts) -> bool:
        return session.energy_wh is not None and session.energy_wh <= least

    run = _run(one.sessions, is_empty)
    found = _in_a_row(one, run, setting, "zero_energy")
    if found is None:
        return None
    before = one.sessions[: len(one.sessions) - len(run)]
    good = sum(not is_empty(session) for session in before)
    rate = (good + GOOD_BEFORE * 10) / (len(before) + 10)
    chance = (1 - rate) ** len(run)
    if chance >= setting.number("alpha"):
        return None
    facts = dict(found.facts) | {"success_rate": round(rate, 3), "chance": round(chance, 6)}
    return _with(found, facts)


def stop_reason(one: EvseSessions, setting: Setting) -> Finding | None:
    """Sessions in a row that ended for a reason which means trouble."""
    run = _run(one.sessions, lambda session: session.reason.lower() in BAD_REASONS)
    return _in_a_row(one, run, setting, "stop_reason")


def meter(one: EvseSessions, setting: Setting) -> Finding | None:
    """Sessions in a row whose meter readings made findings."""
    run = _run(one.sessions, lambda s: bool(METER_FINDINGS & set(s.findings)))
    return _in_a_row(one, run, setting, "meter")


def clock(one: EvseSessions, setting: Setting) -> Finding | None:
    """Sessions in a row whose times had to be corrected."""
    run = _run(one.sessions, lambda s: bool(CLOCK_FINDINGS & set(s.findings)))
    return _in_a_row(one, run, setting, "clock")


def low_power(one: EvseSessions, setting: Setting) -> Finding | None:
    """The best of the newest sessions stays far below the rating and below what the EVSE used to
    deliver, so that it is not the cars."""
    known = [session for session in one.sessions if session.power_w]
    count = int(setting.number("sessions"))
    newest, before = known[-count:], known[:-count]
    if not one.rating_w or len(newest) < count or len(before) < count:
        return None
    best = max(session.power_w or 0.0 for session in newest)
    ordered = sorted((session.power_w or 0.0 for session in before), reverse=True)
    used = median(ordered[: len(before) // 2 + 1])
    if best >= setting.number("share") * one.rating_w or best >= setting.number("drop") * used:
        return None
    return Finding(
        rule="low_power",
        kind="low_power",
        station=one.station,
        evse=one.evse,
        since_at=newest[0].at,
        severity=setting.severity,
        facts={
            "best_w": round(best),
            "used_w": round(used),
            "rating_w": one.rating_w,
            "sessions": count,
        },
        ref=newest[-1].ref,
    )


_RULES: Final[dict[str, Callable[[EvseSessions, Setting], Finding | None]]] = {
    "zero_energy": zero_energy,
    "stop_reason": stop_reason,
    "meter": meter,
    "clock": clock,
    "low_power": low_power,
}


def _with(found: Finding, facts: dict[str, object]) -> Finding:
    return Finding(
        rule=found.rule, kind=found.kind, station=found.station, evse=found.evse,
        since_at=found.since_at, severity=found.severity, code=found.code, facts=facts,
        ref=found.ref,
    )  # fmt: skip
