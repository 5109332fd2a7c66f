"""Random tariffs and sessions that go well together: thresholds lie inside the sessions."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from billing.rating.facts import CurvePoint, Interval, IntervalKind, SessionFacts, SpotPrice
from billing.tariffs.model import (
    WEEKDAYS,
    ClockWindow,
    Element,
    Extras,
    IdleTerms,
    MinimumBillable,
    PriceComponent,
    PriceLimit,
    Restrictions,
    SpotTerms,
    Tariff,
)

ZONES = ("Europe/Stockholm", "Europe/Helsinki", "UTC", "America/St_Johns", "Australia/Lord_Howe")
DAYS = (  # among them those on which the clock changes
    datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC), datetime(2026, 6, 12, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
)  # fmt: skip
PRICES = ("0", "0.25", "1", "2.10", "3.333333", "4.95", "0.041667", "60")
RATES = (None, Decimal(0), Decimal(6), Decimal("25.5"), Decimal(25))


def random_pair(seed: int) -> tuple[Tariff, SessionFacts]:
    """The pair of a seed: always the same one."""
    chance = random.Random(seed)
    return random_tariff(chance), random_session(chance)


def random_tariff(chance: random.Random) -> Tariff:
    """One to seven elements; sometimes spot prices, idle terms, limits, a minimum."""
    elements = [_element(chance) for _ in range(chance.randint(1, 6))]
    if chance.random() < 0.5:
        elements.append(Element(price_components=_components(chance)))
    spot = SpotTerms(area="SE3", vat=chance.choice(RATES)) if chance.random() < 0.25 else None
    low, high = _limits(chance)
    return Tariff(
        currency=chance.choice(("SEK", "EUR", "JPY", "KWD")),
        elements=tuple(elements),
        tax_included=chance.choice(("NO", "NO", "YES", "N/A") if low is None else ("NO", "YES")),
        min_price=low,
        max_price=high,
        extras=Extras(
            idle=_idle(chance) if chance.random() < 0.6 else IdleTerms(),
            minimum=MinimumBillable(energy_wh=500, duration_seconds=1200)
            if chance.random() < 0.2
            else None,
            spot=spot,
        ),
    )


def _limits(chance: random.Random) -> tuple[PriceLimit | None, PriceLimit | None]:
    if chance.random() < 0.6:
        return None, None
    low, high = Decimal(chance.randint(1, 8)), Decimal(chance.randint(9, 60))
    return (
        PriceLimit(before_taxes=low, after_taxes=low * Decimal("1.25")),
        PriceLimit(before_taxes=high, after_taxes=high * Decimal("1.25")),
    )


def _element(chance: random.Random) -> Element:
    if chance.random() < 0.12:
        kinds = chance.sample(("TIME", "FLAT"), chance.randint(1, 2))
        limits = Restrictions(reservation=chance.choice(("RESERVATION", "RESERVATION_EXPIRES")))
        return Element(
            price_components=tuple(_component(chance, kind) for kind in kinds), restrictions=limits
        )
    return Element(price_components=_components(chance), restrictions=_restrictions(chance))


def _components(chance: random.Random) -> tuple[PriceComponent, ...]:
    kinds = chance.sample(("ENERGY", "TIME", "PARKING_TIME", "FLAT"), chance.randint(1, 4))
    return tuple(_component(chance, kind) for kind in kinds)


def _component(chance: random.Random, kind: Any) -> PriceComponent:
    steps = (1, 1, 7, 100, 500) if kind == "ENERGY" else (1, 1, 60, 300, 900)
    return PriceComponent(
        type=kind,
        price=Decimal(chance.choice(PRICES)),
        vat=chance.choice(RATES),
        step_size=chance.choice(steps),
    )


def _restrictions(chance: random.Random) -> Restrictions:
    values: dict[str, Any] = {}
    for _ in range(chance.randint(1, 2)):
        kind = chance.randrange(7)
        if kind == 0:
            start, end = _clock(chance), _clock(chance)
            values["start_time"] = start if chance.random() < 0.8 else None
            is_open = start == end or chance.random() < 0.2
            values["end_time"] = None if is_open and values["start_time"] else end
        elif kind == 1:
            values["day_of_week"] = tuple(chance.sample(WEEKDAYS, chance.randint(1, 4)))
        elif kind == 2:
            day = chance.choice(DAYS).date() + timedelta(days=chance.randint(0, 1))
            values["start_date"] = day
            values["end_date"] = day + timedelta(days=chance.randint(1, 3))
        elif kind == 3:
            _range(chance, values, "min_kwh", "max_kwh", ("0", "0.5", "1", "3.333", "10", "20"))
        elif kind == 4:
            _range(chance, values, "min_power", "max_power", ("0", "3.7", "11", "22", "50"))
        elif kind == 5:
            _range(chance, values, "min_current", "max_current", ("0", "6", "16", "32", "96"))
        else:
            low = chance.choice((0, 60, 1800, 3600))
            values["min_duration"] = low if chance.random() < 0.6 else None
            values["max_duration"] = low + chance.choice((60, 1799, 5400))
    return Restrictions(**values)


def _range(
    chance: random.Random, values: dict[str, Any], low: str, high: str, steps: tuple[str, ...]
) -> None:
    first, second = sorted(chance.sample(range(len(steps)), 2))
    values[low] = Decimal(steps[first]) if chance.random() < 0.7 else None
    values[high] = Decimal(steps[second]) if chance.random() < 0.7 else None


def _clock(chance: random.Random) -> time:
    return time(chance.randrange(24), chance.choice((0, 15, 30, 45)))


def _idle(chance: random.Random) -> IdleTerms:
    start = time(chance.choice((21, 22, 23)), chance.choice((0, 30)))
    hours = (ClockWindow(start_time=start, end_time=time(chance.choice((0, 2, 7)))),)
    return IdleTerms(
        grace_seconds=chance.choice((0, 60, 900, 1000)),
        cap=chance.choice((None, Decimal(1), Decimal(20))),
        free_hours=hours if chance.random() < 0.5 else (),
        free_below_kw=chance.choice((None, Decimal(50))),
    )


def random_session(chance: random.Random) -> SessionFacts:
    """Some minutes up to two days; phases, readings at odd times, now and then a reservation."""
    start = chance.choice(DAYS) + timedelta(seconds=chance.randrange(86_400))
    length = chance.choice((60, 1300, 3600, 10_000, 40_000, 100_000)) + chance.randrange(1000)
    end = start + timedelta(seconds=length)
    intervals = _intervals(chance, start, length)
    begin = max((one.ended_at for one in intervals if one.kind == "reserved"), default=start)
    return SessionFacts(
        started_at=start,
        ended_at=end,
        zone=chance.choice(ZONES),
        curve=_curve(chance, begin, end),
        intervals=intervals,
        spot_prices=_spot(chance, start, end),
        reservation_expired=begin == end,
        evse_max_power_w=chance.choice((None, Decimal(22_000), Decimal(50_000))),
        idle_free_until=start + timedelta(seconds=length // 2) if chance.random() < 0.1 else None,
    )


def _intervals(chance: random.Random, start: datetime, length: int) -> tuple[Interval, ...]:
    cuts = sorted(chance.sample(range(1, length), chance.randint(0, 4)))
    edges = [0, *cuts, length]
    found = []
    kinds: tuple[IntervalKind | None, ...] = ("charging", "charging", "idle", "suspended", None)
    reserves = chance.random() < 0.15
    for place, (low, high) in enumerate(itertools.pairwise(edges)):
        kind: IntervalKind | None = chance.choice(kinds)
        if reserves and place == 0:
            kind = "reserved"
        if kind is None:
            continue
        found.append(
            Interval(
                kind,
                start + timedelta(seconds=low),
                start + timedelta(seconds=high),
                chance.choice((None, None, Decimal(7400), Decimal("11000.5"))),
                chance.choice((None, Decimal(16), Decimal(48))),
            )
        )
    return tuple(found)


def _curve(chance: random.Random, begin: datetime, end: datetime) -> tuple[CurvePoint, ...]:
    length = int((end - begin).total_seconds())
    if length < 2 or chance.random() < 0.05:
        return ()
    times = sorted(chance.sample(range(1, length), min(chance.choice((1, 2, 5, 12)), length - 1)))
    energy, points = Decimal(0), [CurvePoint(begin, Decimal(0))]
    for at in [*times, length]:
        step = Decimal(chance.choice((0, 250, 1000, 1333, 4000, 20_000))) + Decimal(
            chance.choice(("0", "0.5"))
        )
        energy += step if chance.random() < 0.97 else -step
        points.append(CurvePoint(begin + timedelta(seconds=at), energy))
    return tuple(points)


def _spot(chance: random.Random, start: datetime, end: datetime) -> tuple[SpotPrice, ...]:
    first = start.replace(minute=0, second=0, microsecond=0)
    found = []
    while first < end:
        following = first + timedelta(hours=1)
        if chance.random() < 0.97:
            price = Decimal(chance.choice(("0.5", "1.25", "0.333333")))
            found.append(SpotPrice(first, following, price if chance.random() < 0.98 else None))
        first = following
    return tuple(found)
