"""A session as OCPI charging periods, read into facts (pure).

The form of the vectors of the OCPI text: UTC times, ``duration_s`` exact, dimensions with volumes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from billing.rating.facts import CurvePoint, Interval, IntervalKind, SessionFacts, SpotPrice
from billing.rating.rules.feasible import YEARS
from billing.tariffs.reading import Fields, TariffError

_MOST: Final = Decimal(400 * 86400)
_KILO: Final = 1000
_RESERVATIONS: Final = ("RESERVATION", "RESERVATION_EXPIRES")


def read_session(value: Any) -> SessionFacts:
    """The facts of a session. Raises TariffError with a path inside the session."""
    fields = Fields(value)
    fields.needed("start_date_time")
    zone = fields.text("time_zone") if fields.needed("time_zone") else ""
    start, end = _instant(fields, "start_date_time"), _maybe(fields, "end_date_time")
    periods = [Fields(item, at) for item, at in fields.items("charging_periods")]
    starts = [_instant(period, "start_date_time") for period in periods]
    curve, intervals = [CurvePoint(start, Decimal(0))], []
    energy, expired, last = Decimal(0), False, start
    for place, period in enumerate(periods):
        following = starts[place + 1] if place + 1 < len(starts) else end
        volumes = _volumes(period)
        begin, stop = starts[place], _stop(period, starts[place], following)
        if begin < last:
            text = "A period begins before the one before it has ended"
            raise TariffError("overlap", text, period.path("start_date_time"))
        expired = expired or period.choice("reservation", _RESERVATIONS) == _RESERVATIONS[1]
        intervals += _intervals(period, volumes, begin, stop)
        energy += volumes.get("ENERGY", volumes.get("ENERGY_IMPORT", Decimal(0))) * _KILO
        curve.append(CurvePoint(stop, energy))
        last = stop
    return SessionFacts(
        started_at=start,
        ended_at=last if end is None else end,
        zone=zone,
        curve=tuple(curve),
        intervals=tuple(intervals),
        spot_prices=tuple(_spot_price(*one) for one in fields.items("spot_prices")),
        reservation_expired=expired,
        evse_max_power_w=_watts(fields.number("evse_max_power_kw")),
        idle_free_until=_maybe(fields, "idle_free_until"),
    )


def _instant(fields: Fields, name: str) -> datetime:
    fields.needed(name)
    found = _maybe(fields, name)
    assert found is not None  # needed() has refused null
    return found


def _maybe(fields: Fields, name: str) -> datetime | None:
    found = fields.instant(name)
    if found is not None and not YEARS[0] <= found.year <= YEARS[1]:
        text = f"Only years {YEARS[0]} to {YEARS[1]}"
        raise TariffError("bad_time", text, fields.path(name))
    return found


def _stop(period: Fields, begin: datetime, following: datetime | None) -> datetime:
    seconds = period.number("duration_s")
    if seconds is not None:
        if seconds > _MOST:
            raise TariffError("too_long", "The period is too long", period.path("duration_s"))
        return begin + timedelta(microseconds=int(seconds * 1_000_000))
    if following is None:
        raise TariffError("missing", "duration_s is missing", period.path("duration_s"))
    return following


def _volumes(period: Fields) -> dict[str, Decimal]:
    """Volumes by type of dimension; kWh, hours, kW and A."""
    volumes: dict[str, Decimal] = {}
    for item, at in period.items("dimensions"):
        one = Fields(item, at)
        one.needed("type"), one.needed("volume")
        volume = one.number("volume", least=None)
        if volume is not None:
            volumes[one.text("type")] = volume
    return volumes


def _intervals(
    period: Fields, volumes: Mapping[str, Decimal], begin: datetime, stop: datetime
) -> list[Interval]:
    """One interval, or charging and then idle time when a period has both."""
    power = _watts(volumes.get("MAX_POWER", volumes.get("MIN_POWER")))
    current = volumes.get("MAX_CURRENT", volumes.get("MIN_CURRENT"))
    kind: IntervalKind = "suspended"
    if period.get("reservation") is not None or "RESERVATION_TIME" in volumes:
        kind = "reserved"
    elif volumes.get("TIME", 0) > 0 and volumes.get("PARKING_TIME", 0) > 0:
        lasted = Decimal((stop - begin) // timedelta(seconds=1))
        idle = timedelta(seconds=round(min(volumes["PARKING_TIME"] * 3600, lasted)))
        middle = stop - idle
        return [
            Interval("charging", begin, middle, power, current),
            Interval("idle", middle, stop),
        ]
    elif "PARKING_TIME" in volumes:
        kind = "idle"
    elif "TIME" in volumes or volumes.get("ENERGY", 0) > 0:
        kind = "charging"
    return [Interval(kind, begin, stop, power, current)]


def _spot_price(value: Any, at: str) -> SpotPrice:
    fields = Fields(value, at)
    start, end = _instant(fields, "start_date_time"), _instant(fields, "end_date_time")
    if end <= start:
        raise TariffError("ends_before_start", "The interval ends before it starts", at)
    return SpotPrice(start, end, fields.number("price", least=None))


def _watts(kilowatts: Decimal | None) -> Decimal | None:
    return None if kilowatts is None else kilowatts * _KILO
