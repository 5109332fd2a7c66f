"""The door for what a tariff costs in words and in examples (setting ``TARIFF_PREVIEW``).

Rating stands above tariffs, so the pages of tariffs ask for both through this door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from billing.tariffs.model import ComponentType, Tariff


@dataclass(frozen=True, slots=True)
class ExampleSession:
    """A session to price: a steady power, how long it charges, and how long it then stays."""

    power_w: int
    charging_minutes: int
    idle_minutes: int = 0

    @property
    def energy_wh(self) -> int:
        """What it takes."""
        return self.power_w * self.charging_minutes // 60


POWERS_W: Final = (7_000, 22_000, 150_000)
BATTERY_WH: Final = 60_000
STAYS_MINUTES: Final = (20, 120, 600)


def examples() -> tuple[ExampleSession, ...]:
    """7, 22 and 150 kW, each for 20 minutes, two hours and overnight (ten hours); a car stops
    taking power when it has got 60 kWh."""
    return tuple(_example(power, stay) for power in POWERS_W for stay in STAYS_MINUTES)


def _example(power_w: int, stay_minutes: int) -> ExampleSession:
    charging = min(stay_minutes, BATTERY_WH * 60 // power_w)
    return ExampleSession(power_w, charging, stay_minutes - charging)


@dataclass(frozen=True, slots=True)
class PricedExample:
    """What an example costs, without and with VAT; None where no price can be told yet."""

    example: ExampleSession
    before_taxes: Decimal | None = None
    after_taxes: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A tariff as drivers read it, and what the examples cost. ``spot_note``: with which spot
    prices they were worked out, or that there are none."""

    lines: Sequence[str] = field(default=())
    examples: Sequence[PricedExample] = field(default=())
    spot_note: str = ""


class TariffPreview(Protocol):
    """Whoever can price."""

    def preview(
        self, tariff: Tariff, *, language: str, time_zone: str, operator_id: int | None = None
    ) -> Preview:
        """Text in ``language`` and the priced examples; examples begin at 17:00 on the next
        weekday in ``time_zone``. Spot prices are those known to ``operator_id``; None: without
        them."""
        ...

    def unit_price(
        self, kind: ComponentType, price: Decimal, *, currency: str, language: str
    ) -> str:
        """What a unit of a component costs, as the text has it."""
        ...


def preview_of(
    tariff: Tariff, *, language: str, time_zone: str, operator_id: int | None = None
) -> Preview:
    """The preview that the installation's engine makes."""
    return _engine(str(settings.TARIFF_PREVIEW)).preview(
        tariff, language=language, time_zone=time_zone, operator_id=operator_id
    )


def unit_price_of(kind: ComponentType, price: Decimal, *, currency: str, language: str) -> str:
    """The price of a unit in the words of the installation's engine."""
    engine = _engine(str(settings.TARIFF_PREVIEW))
    return engine.unit_price(kind, price, currency=currency, language=language)


@cache
def _engine(path: str) -> TariffPreview:
    found: TariffPreview = import_string(path)()
    return found
