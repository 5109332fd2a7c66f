"""Energy of one session from its register points (pure).

Energy for billing is the difference of two credible register readings; what cannot be
measured is None, never 0. Rules E1 to E12 of docs/reconciliation.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from stations.sessions.chain import (
    DOWN,
    SAME,
    UNKNOWN_POWER_W,
    Chain,
    Limits,
    Link,
    solve,
)
from stations.sessions.context import SessionContext
from stations.sessions.findings import Finding, Severity, found
from stations.sessions.power import check_power, energy_is_thousandth
from stations.sessions.registers import Extraction, Point

Certainty = Literal["measured", "lower_bound", "doubtful", "unknown"]
"""measured: two credible registers at both ends. lower_bound: at least this much.
doubtful: read in another unit, or not from a register. unknown: no figure at all."""

EDGE = timedelta(seconds=10)
NEAR_EDGE = timedelta(seconds=120)
LONG_GAP = timedelta(hours=1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The session's energy at an instant, with the register it was read from."""

    at: datetime
    register_wh: Decimal
    energy_wh: Decimal


@dataclass(frozen=True, slots=True)
class Energy:
    """Result of measuring: None means not known."""

    energy_wh: Decimal | None
    curve: tuple[CurvePoint, ...]
    certainty: Certainty
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """When the session ran, as far as known; ``has_ended`` also for a missing end."""

    started_at: datetime | None
    stopped_at: datetime | None
    has_ended: bool
    start_reported: bool
    stop_reported: bool


def measure(extraction: Extraction, window: Window, context: SessionContext) -> Energy:
    """Energy, register curve and findings of one session."""
    points, findings = _within(extraction.points, window)
    limits = Limits(context.max_power_w or UNKNOWN_POWER_W, context.quirks.register_modulus_wh)
    chain = solve(points, limits)
    if not chain.is_whole_label and energy_is_thousandth(chain, extraction.power, limits):
        links = tuple(replace(link, factor=link.factor * 1000) for link in chain.links)
        chain = Chain(links, chain.dropped, is_whole_label=True)
    curve = _curve(chain.links, limits)
    findings += list(extraction.findings) + _chain_findings(chain, limits)
    if len(chain.links) < 2:
        return _without_register(extraction, window, chain, findings)
    energy_wh = curve[-1].energy_wh
    if energy_wh == 0 and (added := _from_intervals(extraction, window)) and added[0] > 0:
        return Energy(added[0], curve, "doubtful", (*findings, added[1]))
    findings += _edge_findings(chain, window)
    findings += _gap_findings(curve)
    findings += check_power(energy_wh, extraction.power, context.max_power_w)
    return Energy(energy_wh, curve, _certainty(chain, findings), tuple(findings))


def _within(points: Sequence[Point], window: Window) -> tuple[list[Point], list[Finding]]:
    """Points of the session itself: one begin, nothing from before or after."""
    inside: list[Point] = []
    before = after = 0
    begins: set[Decimal] = set()
    for point in points:
        if point.role == "begin" and not point.is_meter_field:
            if point.value_wh in begins:
                continue  # the end repeats the begin's sample
            begins.add(point.value_wh)
        if _is_before(point, window):
            before += 1
        elif _is_after(point, window):
            after += 1
        else:
            inside.append(_placed(point, window))
    findings = [found("readings_before_start", count=before)] if before else []
    if after:
        findings.append(found("readings_after_end", count=after))
    return sorted(inside, key=lambda point: point.key), findings


def _is_before(point: Point, window: Window) -> bool:
    start = window.started_at
    known = window.start_reported and start is not None and point.is_timed
    return known and point.role == "sample" and point.at < (start or point.at) - EDGE


def _is_after(point: Point, window: Window) -> bool:
    stop = window.stopped_at
    known = window.stop_reported and stop is not None
    return known and point.role == "sample" and point.at > (stop or point.at) + EDGE


def _placed(point: Point, window: Window) -> Point:
    """Begin values belong at the start and end values at the stop, whatever their time."""
    at = point.at
    if window.started_at is not None and window.start_reported:
        at = window.started_at if point.role == "begin" else max(at, window.started_at)
    if window.stopped_at is not None and window.stop_reported:
        at = window.stopped_at if point.role == "end" else min(at, window.stopped_at)
    return replace(point, at=at)


def _curve(links: Sequence[Link], limits: Limits) -> tuple[CurvePoint, ...]:
    """Energy so far at every link. A break adds nothing; the last reading decides, so a
    finer value before it (a stop is rounded to whole Wh) never shows more."""
    totals = [ZERO] if links else []
    for before, after in pairwise(links):
        delta = ZERO if after.is_break else after.value_wh - before.value_wh
        if after.is_rollover:
            delta += limits.modulus_wh or ZERO
        totals.append(totals[-1] + delta)
    ceiling = max(totals[-1], ZERO) if totals else ZERO
    curve: list[CurvePoint] = []
    for link, total in zip(reversed(links), reversed(totals), strict=True):
        ceiling = max(ZERO, min(ceiling, total))
        curve.append(CurvePoint(link.point.at, link.value_wh, ceiling))
    return tuple(reversed(curve))


def _chain_findings(chain: Chain, limits: Limits) -> list[Finding]:
    """What had to be left out, re-scaled or taken as a reset."""
    findings = _dropped_findings(chain, limits)
    for before, after in pairwise(chain.links):
        if not (after.is_rollover or after.is_break):
            continue
        code = "register_reset" if after.value_wh < before.value_wh else "register_jump"
        if after.is_rollover:
            code = "register_rollover"
        findings.append(found(code, before=before.value_wh, after=after.value_wh))
    changed = [link for link in chain.links if link.factor != SAME]
    kept = {link.point.label for link in chain.links if link.factor == SAME}
    if changed and not kept:
        label = "kWh" if changed[0].factor == DOWN else "Wh"
        findings.append(found("unit_implausible", unit=label))
    elif changed:
        findings.append(found("unit_jump", count=len(changed)))
    return findings


def _dropped_findings(chain: Chain, limits: Limits) -> list[Finding]:
    if not chain.dropped:
        return []
    findings: list[Finding] = []
    others = 0
    for point in chain.dropped:
        if point.role == "begin":
            findings.append(found("meter_start_not_credible", wh=point.value_wh))
        elif point.role == "end":
            findings.append(_bad_stop(point, chain, limits))
        else:
            others += 1
    if others:
        severity: Severity = "info" if _keeps_both_ends(chain) else "doubtful"
        findings.append(found("register_outlier", severity, count=others))
    return findings


def _bad_stop(stop: Point, chain: Chain, limits: Limits) -> Finding:
    """Why the stop's register is out: it repeats the start, rushes ahead, or is just wrong."""
    links = chain.links
    if len(links) > 1 and stop.value_wh == links[0].value_wh and links[0].point.role == "begin":
        return found("stop_equals_start")
    if links and stop.value_wh > links[-1].value_wh:
        return found("impossible_power", max_power_w=limits.max_power_w)
    return found("meter_stop_not_credible", wh=stop.value_wh)


def _keeps_both_ends(chain: Chain) -> bool:
    roles = [link.point.role for link in chain.links]
    return len(roles) > 1 and roles[0] == "begin" and roles[-1] == "end"


def _without_register(
    extraction: Extraction, window: Window, chain: Chain, findings: Sequence[Finding]
) -> Energy:
    """No difference of two registers: interval values, else nothing is known."""
    limits = Limits(UNKNOWN_POWER_W)
    curve = _curve(chain.links, limits)
    added = _from_intervals(extraction, window)
    if added is not None:
        return Energy(added[0], curve, "doubtful", (*findings, added[1]))
    if not window.has_ended:
        code = "energy_not_yet_known"
    else:
        code = "one_reading_only" if chain.links else "no_readings"
    return Energy(None, curve, "unknown", (*findings, found(code)))


def _from_intervals(extraction: Extraction, window: Window) -> tuple[Decimal, Finding] | None:
    inside = [
        one.value
        for one in extraction.intervals
        if (window.started_at is None or one.at >= window.started_at - EDGE)
        and (not window.stop_reported or one.at <= (window.stopped_at or one.at) + EDGE)
    ]
    if not inside:
        return None
    return sum(inside, ZERO), found("energy_from_intervals", count=len(inside))


def _edge_findings(chain: Chain, window: Window) -> list[Finding]:
    """Whether the first and last reading stand at the session's ends."""
    findings: list[Finding] = []
    first, last = chain.links[0].point, chain.links[-1].point
    begin_left_out = any(point.role == "begin" for point in chain.dropped)
    end_left_out = any(point.role == "end" for point in chain.dropped)
    if first.role != "begin" and not begin_left_out and window.start_reported:
        if window.started_at is None or first.at - window.started_at <= NEAR_EDGE:
            findings += [] if first.at == window.started_at else [found("begin_reading_late")]
        else:
            findings.append(found("meter_start_missing", at=first.at))
    if last.role != "end" and not end_left_out and window.stop_reported:
        if window.stopped_at is None or window.stopped_at - last.at <= NEAR_EDGE:
            findings += [] if last.at == window.stopped_at else [found("end_reading_early")]
        else:
            findings.append(found("meter_stop_missing", at=last.at))
    return findings


def _gap_findings(curve: Sequence[CurvePoint]) -> list[Finding]:
    return [
        found("readings_gap", from_at=before.at, to_at=after.at)
        for before, after in pairwise(curve)
        if after.at - before.at > LONG_GAP and after.energy_wh > before.energy_wh
    ]


def _certainty(chain: Chain, findings: Sequence[Finding]) -> Certainty:
    if any(link.factor != SAME for link in chain.links):
        return "doubtful"
    breaks = any(link.is_break for link in chain.links)
    if breaks or not _keeps_both_ends(chain):
        return "lower_bound"
    return "doubtful" if any(one.is_doubtful for one in findings) else "measured"
