"""Tariffs of the demo and where they hold: a price by the hour, fast charging, and spot."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from billing.tariffs.model import content_hash, parse_tariff
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion
from portal.demo.network_rows import Ids
from portal.demo.plan import DemoOperator, DemoPlan, public_id

EARLIER: Final = timedelta(days=30)
"""Tariffs hold since before the first session."""

_IDLE: Final = {
    "idle": {
        "grace_seconds": 900,
        "cap": 200,
        "free_hours": [{"start_time": "22:00", "end_time": "07:00"}],
        "free_below_kw": 50,
    }
}


def write_tariffs(plan: DemoPlan, ids: Ids, begin: datetime) -> int:
    """Tariffs of each operator, in force since before ``begin``; how many."""
    start = begin - EARLIER
    return sum(_write(demo, ids, start) for demo in plan.operators)


def _write(demo: DemoOperator, ids: Ids, start: datetime) -> int:
    operator_id = ids.operators[demo.slug]
    rng = random.Random(f"{demo.slug}:tariffs")
    usual = _tariff(operator_id, rng, "Laddning dag och natt", _day_and_night(), start)
    fast = _tariff(operator_id, rng, "Snabbladdning", _fast(), start)
    spot = _tariff(operator_id, rng, "Spotpris + 60 öre", _spot(), start)
    rows = [_assignment(operator_id, rng, usual, start)]
    for site in demo.sites:
        for station in site.stations:
            key = ids.stations[station.identity]
            if station.evses[0].is_dc:
                rows.append(_assignment(operator_id, rng, fast, start, station_id=key))
            elif site is demo.sites[-1]:
                rows.append(_assignment(operator_id, rng, spot, start, station_id=key))
    TariffAssignment.objects.bulk_create(rows)
    return 3


def _tariff(
    operator_id: int, rng: random.Random, name: str, document: dict[str, Any], start: datetime
) -> Tariff:
    tariff: Tariff = Tariff.objects.create(
        operator_id=operator_id,
        public_id=public_id(rng, "tar"),
        name=name,
        currency="SEK",
        created_at=start,
    )
    TariffVersion.objects.create(
        operator_id=operator_id,
        tariff=tariff,
        number=1,
        state="published",
        document=document,
        digest=content_hash(parse_tariff(document)),
        takes_effect_at=start,
        published_at=start,
        published_by="Demo",
        created_at=start,
    )
    return tariff


def _assignment(
    operator_id: int, rng: random.Random, tariff: Tariff, start: datetime, **place: int
) -> TariffAssignment:
    return TariffAssignment(
        operator_id=operator_id,
        public_id=public_id(rng, "tas"),
        tariff=tariff,
        valid_from_at=start,
        created_at=start,
        **place,
    )


def _document(elements: list[dict[str, Any]], extras: dict[str, Any]) -> dict[str, Any]:
    return {"currency": "SEK", "tax_included": "YES", "elements": elements, "extras": extras}


def _component(kind: str, price: str) -> dict[str, Any]:
    number = float(Decimal(price))
    return {"type": kind, "price": number, "vat": 25, "step_size": 1}


def _day_and_night() -> dict[str, Any]:
    night = {"start_time": "22:00", "end_time": "06:00"}
    return _document(
        [
            {"price_components": [_component("ENERGY", "3.2")], "restrictions": night},
            {"price_components": [_component("ENERGY", "4.2"), _component("PARKING_TIME", "30")]},
        ],
        _IDLE,
    )


def _fast() -> dict[str, Any]:
    return _document(
        [{"price_components": [_component("ENERGY", "6.49"), _component("PARKING_TIME", "120")]}],
        _IDLE,
    )


def _spot() -> dict[str, Any]:
    return {
        "currency": "SEK",
        "tax_included": "YES",
        "elements": [{"price_components": [_component("PARKING_TIME", "30")]}],
        "extras": _IDLE
        | {
            "spot": {
                "area": "SE3",
                "averaging": "quarter",
                "vat": 25,
                "mark_up": [{"price": 0.6, "source": "Demo"}],
                "energy_tax": [{"price": 0.439, "source": "Demo"}],
                "grid_fee": [{"price": 0.32, "source": "Demo"}],
                "floor": 0,
            }
        },
    }
