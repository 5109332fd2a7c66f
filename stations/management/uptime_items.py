"""Uptime vectors in, figures out: what ``manage.py uptime`` does (no database).

Format: docs/uptime.md. Each scheme answers with the same members every time; figures that cannot be
formed (of nothing) are null.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from core.periods import Period
from stations.management import uptime_reading as reading
from stations.management.uptime_reading import BadVector
from stations.uptime.availability import availability
from stations.uptime.causes import excludable_cause
from stations.uptime.connectors import all_down, any_mandatory_down
from stations.uptime.figures import minutes, shown
from stations.uptime.nevi import nevi_uptime
from stations.uptime.opening import closed_periods, daily_hours
from stations.uptime.silence import silences
from stations.uptime.statuses import StatusFact, status_time, status_word
from stations.uptime.uk import RAPID_W, STATUSES, meets, uk_reliability
from stations.uptime.visits import Attempt, measure_visits

_LONGEST_S: Final = 366 * 24 * 3600
Item = Mapping[str, Any]


class UnreadableInput(Exception):
    """Nothing in the input can be understood."""


def uptime_items(data: bytes) -> Any:
    """One result for one object, a list for a list (or for an object with ``vectors``).

    Raises UnreadableInput when the bytes are not UTF-8 or not such JSON.
    """
    document = _read(data)
    if isinstance(document, Mapping) and "vectors" in document:
        document = document["vectors"]
    if isinstance(document, list):
        return [uptime_item(item, f"[{place}]") for place, item in enumerate(document)]
    if isinstance(document, Mapping):
        return uptime_item(document, "")
    raise UnreadableInput("The input must be a JSON object or a list")


def uptime_item(item: Any, at: str) -> dict[str, Any]:
    """The figures of one vector, or its error."""
    try:
        found = reading.members(item, "")
        scheme = reading.text(reading.wanted(found, "scheme"), "scheme")
        if scheme not in _SCHEMES:
            raise BadVector("unknown_scheme", f"There is no scheme {scheme[:40]}", "scheme")
        return _SCHEMES[scheme](found)
    except BadVector as error:
        place = ".".join(part for part in (at, error.at) if part)
        return {"error": {"code": error.code, "message": error.message, "at": place}}


def _read(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=Decimal)
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"The input is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"The input is not JSON: {error}"[:200]) from error


def _nevi(item: Item) -> dict[str, Any]:
    period = reading.period(item)
    outages = reading.periods(item.get("outages"), "outages", period)
    exclusions = reading.periods(item.get("exclusions"), "exclusions", period)
    denominator = item.get("denominator_min")
    found = nevi_uptime(
        period,
        reading.covered(outages),
        [one for one, cause in exclusions if excludable_cause(cause) is not None],
        _closed(item, period),
        None if denominator is None else reading.number(denominator, "denominator_min"),
    )
    return {
        "T_outage_min": shown(found.outage_minutes),
        "T_excluded_min": shown(found.excluded_minutes),
        "uptime_pct": shown(found.percent),
        "meets_gt_97": found.meets,
    }


def _closed(item: Item, period: Period) -> tuple[Period, ...]:
    """Outside ``hours`` ([6, 22], whole hours of UTC, every day)."""
    if item.get("hours") is None:
        return ()
    begin, end = (
        reading.number(one, "hours") for one in reading.row(item["hours"], "hours", 2)[:2]
    )
    whole = begin.denominator == end.denominator == 1
    if not whole or not (0 <= begin < 24 and 0 <= end <= 24) or begin == end:
        raise BadVector("bad_hours", "hours are two whole hours, such as [6, 22]", "hours")
    return closed_periods(daily_hours(int(begin), int(end)), period, UTC)


def _gap(item: Item) -> dict[str, Any]:
    period = reading.period(item)
    seconds = reading.number(reading.wanted(item, "threshold_s"), "threshold_s")
    if seconds > _LONGEST_S:
        raise BadVector("bad_number", "threshold_s is more than a year", "threshold_s")
    messages = reading.each(reading.wanted(item, "messages"), "messages", reading.instant)
    found = silences(messages, period, timedelta(seconds=float(seconds)))
    return {
        "outage_min_from_last_seen": shown(minutes(found.from_last_seen)),
        "outage_min_from_last_seen_plus_threshold": shown(minutes(found.from_threshold)),
        "n_outages": len(found.from_last_seen),
    }


def _connectors(item: Item) -> dict[str, Any]:
    period = reading.period(item)
    given = reading.members(reading.wanted(item, "connector_faults"), "connector_faults")
    faults = {
        name: reading.covered(reading.periods(one, f"connector_faults.{name}", period))
        for name, one in given.items()
    }
    inside = {name: [_cut(one, period) for one in found] for name, found in faults.items()}
    return {
        "outage_min_all_down": shown(minutes(all_down(inside))),
        "outage_min_ccs_mandatory": shown(
            minutes(any_mandatory_down(inside, _mandatory(item, inside)))
        ),
    }


def _mandatory(item: Item, faults: Mapping[str, Any]) -> list[str]:
    """The connectors named so, else the first: the CCS."""
    named = reading.each(item.get("mandatory"), "mandatory", reading.text)
    unknown = sorted(set(named) - set(faults))
    if unknown:
        raise BadVector("unknown_connector", f"There is no connector {unknown[0]}", "mandatory")
    return named or sorted(faults, key=lambda one: (len(one), one))[:1]


def _cut(one: Period, within: Period) -> Period:
    start = min(max(one.start, within.start), within.end)
    return Period(start, max(start, min(one.end, within.end)))


def _status(item: Item) -> dict[str, Any]:
    period = reading.period(item)
    facts = reading.each(reading.wanted(item, "statuses"), "statuses", _status_fact)
    time = status_time(facts, period)
    found = availability(time.known, time.down)
    return {
        "outage_min": shown(found.outage_minutes),
        "availability_pct": shown(found.percent),
    }


def _status_fact(value: Any, at: str) -> StatusFact:
    cells = reading.row(value, at, 2)
    word = status_word(reading.text(cells[1], f"{at}[1]"))
    if word is None:
        raise BadVector("unknown_status", "OCPP has no such status", f"{at}[1]")
    return StatusFact(reading.instant(cells[0], f"{at}[0]"), word)


def _uk(item: Item) -> dict[str, Any]:
    evses = reading.each(reading.wanted(item, "evses"), "evses", _evse_minutes)
    found = uk_reliability(one for one in evses if one is not None)
    measured = found.measured_percent
    return {
        "assessed_min_A": shown(found.assessed_minutes),
        "unreliable_min": shown(found.unreliable_minutes),
        "reliability_pct_A": shown(found.percent),
        "meets_99_A": meets(found.percent),
        "assessed_min_B": shown(found.measured_minutes),
        "reliability_pct_B": shown(measured),
        "meets_99_B": meets(measured),
    }


def _evse_minutes(value: Any, at: str) -> dict[str, Fraction] | None:
    """Minutes by status of one EVSE; None for one that is told to be slower than 50 kW."""
    item = reading.members(value, at)
    name = "minutes_in_open_hours"
    if item.get(name) is None:
        raise BadVector("missing", f"{name} is missing", f"{at}.{name}")
    spent = reading.members(item[name], f"{at}.{name}")
    unknown = sorted(set(spent) - STATUSES)
    if unknown:
        raise BadVector("unknown_status", f"OCPI has no status {unknown[0][:40]}", f"{at}.{name}")
    found = {status: reading.number(one, f"{at}.{name}.{status}") for status, one in spent.items()}
    power = item.get("power_w")
    slow = power is not None and reading.number(power, f"{at}.power_w") < RAPID_W
    return None if slow else found


def _visits(item: Item) -> dict[str, Any]:
    attempts = reading.each(reading.wanted(item, "attempts"), "attempts", _attempt)
    found = measure_visits(attempts)
    return {
        "visits": found.visits,
        "attempts": found.attempts,
        "first_attempt_success": found.first_attempt,
        "troubled_success": found.troubled,
        "failed": found.failed,
        "first_attempt_success_rate_pct": shown(found.first_attempt_percent),
        "visit_success_rate_pct": shown(found.success_percent),
        "attempts_per_visit": shown(found.attempts_per_visit),
    }


def _attempt(value: Any, at: str) -> Attempt:
    cells = reading.row(value, at, 3)
    return Attempt(
        driver=reading.text(cells[0], f"{at}[0]"),
        at=reading.instant(cells[1], f"{at}[1]"),
        energy_wh=1000 * reading.number(cells[2], f"{at}[2]"),
    )


_SCHEMES: Final[dict[str, Callable[[Item], dict[str, Any]]]] = {
    "NEVI": _nevi,
    "OCPP_GAP": _gap,
    "PORT_FROM_CONNECTORS": _connectors,
    "OCPP_STATUS": _status,
    "UK_PCPR_2023": _uk,
    "CHARGEX_KPI": _visits,
}
