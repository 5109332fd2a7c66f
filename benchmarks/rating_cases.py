"""Tariffs and sessions that ``benchmarks.rating`` prices."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.rating.facts import CurvePoint, Interval, SessionFacts
from billing.tariffs.model import Tariff, parse_tariff

ZONE = "Europe/Stockholm"


def simple_tariff() -> Tariff:
    """A price per kWh and one for idle time after a grace."""
    return parse_tariff(
        {
            "currency": "SEK",
            "tax_included": "YES",
            "elements": [
                {
                    "price_components": [
                        {"type": "ENERGY", "price": "4.95", "vat": 25},
                        {"type": "PARKING_TIME", "price": 60, "vat": 25},
                    ]
                }
            ],
            "extras": {
                "idle": {"grace_seconds": 900, "cap": 200},
                "minimum": {"energy_wh": 100, "duration_seconds": 60},
            },
        }
    )


def complex_tariff() -> Tariff:
    """Times of day by weekday, tiers of energy, bands of power, durations, idle hours, limits."""

    def element(kind: str, price: str, **restrictions: Any) -> dict[str, Any]:
        component = {"type": kind, "price": price, "vat": 25, "step_size": 1}
        return {"price_components": [component], "restrictions": restrictions}

    week, end = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"], ["SATURDAY", "SUNDAY"]
    return parse_tariff(
        {
            "currency": "SEK",
            "elements": [
                element("FLAT", "5", min_kwh=1),
                element("ENERGY", "6.2", min_power=50, start_time="06:00", end_time="22:00"),
                element("ENERGY", "5.1", start_time="07:00", end_time="10:00", day_of_week=week),
                element("ENERGY", "5.4", start_time="15:00", end_time="19:00", day_of_week=week),
                element("ENERGY", "3.9", min_kwh=40, max_power=22),
                element("ENERGY", "4.4", max_power=11, day_of_week=end),
                element("ENERGY", "4.7"),
                element("TIME", "12", min_duration=7200, max_power=11),
                element("TIME", "0", max_duration=7200),
                element("PARKING_TIME", "90", start_time="08:00", end_time="20:00"),
                element("PARKING_TIME", "30"),
            ],
            "min_price": {"before_taxes": 5, "after_taxes": "6.25"},
            "max_price": {"before_taxes": 900, "after_taxes": 1125},
            "extras": {
                "idle": {
                    "grace_seconds": 900,
                    "cap": 160,
                    "free_hours": [{"start_time": "22:00", "end_time": "07:00"}],
                    "free_below_kw": 50,
                }
            },
        }
    )


def sessions(readings: int, *, seed: int = 7) -> Iterator[SessionFacts]:
    """Sessions without end, each with so many readings beside the first one."""
    chance = random.Random(seed)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    while True:
        begin = start + timedelta(minutes=chance.randrange(525_600), seconds=chance.randrange(60))
        charging, idle = chance.randrange(1200, 14_400), chance.randrange(0, 7200)
        full, end = begin + timedelta(seconds=charging), begin + timedelta(seconds=charging + idle)
        power = chance.choice((3_600, 11_000, 22_000, 90_000))
        curve, energy = [CurvePoint(begin, Decimal(0))], 0
        for number in range(1, readings + 1):
            at = begin + timedelta(seconds=charging * number // readings)
            share = chance.randrange(60, 101)
            energy += power * share * charging // readings // 360_000
            curve.append(CurvePoint(at, Decimal(energy)))
        intervals = (Interval("charging", begin, full), Interval("idle", full, end))
        yield SessionFacts(
            started_at=begin,
            ended_at=end,
            zone=ZONE,
            curve=tuple(curve),
            intervals=intervals if idle else intervals[:1],
            evse_max_power_w=Decimal(power),
        )
