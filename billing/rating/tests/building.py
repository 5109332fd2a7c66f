"""Short ways to write tariffs and sessions in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from billing.rating.facts import CurvePoint, Interval, IntervalKind, SessionFacts
from billing.tariffs.model import Tariff, parse_tariff

STOCKHOLM = "Europe/Stockholm"


def price(kind: str, amount: str, vat: str | None = None, step: int = 1) -> dict[str, Any]:
    component: dict[str, Any] = {"type": kind, "price": amount, "step_size": step}
    return component if vat is None else component | {"vat": vat}


def element(*prices: dict[str, Any], **restrictions: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"price_components": list(prices)}
    return found | {"restrictions": restrictions} if restrictions else found


def tariff(*elements: dict[str, Any], currency: str = "SEK", **more: Any) -> Tariff:
    return parse_tariff({"currency": currency, "elements": list(elements), **more})


def local(text: str, zone: str = STOCKHOLM, fold: int = 0) -> datetime:
    """An instant from local time; ``fold`` 1 is the second of two."""
    at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return at.astimezone(UTC)


def session(
    start: datetime,
    end: datetime,
    energy_wh: str | int = 0,
    *,
    kind: IntervalKind = "charging",
    readings: dict[datetime, int] | None = None,
    intervals: tuple[Interval, ...] | None = None,
    **more: Any,
) -> SessionFacts:
    """A session of one kind with its register at the start, at ``readings`` and at the end."""
    points = {start: Decimal(0), **{at: Decimal(wh) for at, wh in (readings or {}).items()}}
    points[end] = Decimal(energy_wh)
    return SessionFacts(
        started_at=start,
        ended_at=end,
        zone=more.pop("zone", STOCKHOLM),
        curve=tuple(CurvePoint(at, wh) for at, wh in sorted(points.items())),
        intervals=(Interval(kind, start, end),) if intervals is None else intervals,
        **more,
    )


def in_phases(start: datetime, *phases: tuple[str, float, str], **more: Any) -> SessionFacts:
    """A session of (kind, minutes, kWh) after each other; "expired" is a reservation in vain."""
    power, current = more.pop("power_w", None), more.pop("amps", None)
    at, energy, curve, intervals = start, Decimal(0), [CurvePoint(start, Decimal(0))], []
    for kind, minutes, kwh in phases:
        end = at + timedelta(minutes=minutes)
        name: Any = "reserved" if kind == "expired" else kind
        intervals.append(Interval(name, at, end, power, current))
        energy += Decimal(kwh) * 1000
        curve.append(CurvePoint(end, energy))
        at = end
    return SessionFacts(
        started_at=start,
        ended_at=at,
        zone=more.pop("zone", STOCKHOLM),
        curve=tuple(curve),
        intervals=tuple(intervals),
        reservation_expired=any(kind == "expired" for kind, _minutes, _kwh in phases),
        **more,
    )
