"""Our own fields of a tariff from JSON (pure). Format: docs/tariffs.md."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, get_args

from billing.tariffs.reading import Fields, TariffError
from billing.tariffs.terms import (
    Averaging,
    ClockWindow,
    DatedPrice,
    Extras,
    IdleTerms,
    MinimumBillable,
    SpotTerms,
)

_EXTRAS: Final = frozenset({"idle", "minimum", "spot", "announced_afterwards", "allow_negative"})
_IDLE: Final = frozenset({"grace_seconds", "cap", "free_hours", "free_below_kw"})
_MINIMUM: Final = frozenset({"energy_wh", "duration_seconds"})
_SPOT: Final = frozenset({"area", "averaging", "vat", "mark_up", "energy_tax", "grid_fee", "floor"})
_WINDOW: Final = frozenset({"start_time", "end_time"})
_DATED: Final = frozenset({"price", "from", "to", "source"})


def parse_extras(value: Any) -> Extras:
    """The member ``extras``; None is none. Raises TariffError."""
    if value is None:
        return Extras()
    fields = Fields(value, "extras", known=_EXTRAS)
    spot = fields.get("spot")
    afterwards = fields.flag("announced_afterwards")
    if spot is not None and afterwards:
        text = "A spot price is known beforehand: it is not announced afterwards"
        raise TariffError("contradiction", text, "extras.announced_afterwards")
    return Extras(
        idle=_idle(fields.get("idle")),
        minimum=_minimum(fields.get("minimum")),
        spot=None if spot is None else _spot(spot),
        announced_afterwards=afterwards,
        allow_negative=fields.flag("allow_negative"),
    )


def _idle(value: Any) -> IdleTerms:
    if value is None:
        return IdleTerms()
    fields = Fields(value, "extras.idle", known=_IDLE)
    return IdleTerms(
        grace_seconds=fields.whole("grace_seconds") or 0,
        cap=fields.number("cap"),
        free_hours=tuple(_window(*one) for one in fields.items("free_hours")),
        free_below_kw=fields.number("free_below_kw"),
    )


def _window(value: Any, at: str) -> ClockWindow:
    fields = Fields(value, at, known=_WINDOW)
    fields.needed("start_time"), fields.needed("end_time")
    start, end = fields.clock("start_time"), fields.clock("end_time")
    if start is None or end is None or (start == end and start.isoformat() != "00:00:00"):
        raise TariffError("impossible_restriction", "The window is empty", at)
    return ClockWindow(start_time=start, end_time=end)


def _minimum(value: Any) -> MinimumBillable | None:
    if value is None:
        return None
    fields = Fields(value, "extras.minimum", known=_MINIMUM)
    found = MinimumBillable(
        energy_wh=fields.whole("energy_wh"), duration_seconds=fields.whole("duration_seconds")
    )
    return None if found == MinimumBillable() else found


def _spot(value: Any) -> SpotTerms:
    fields = Fields(value, "extras.spot", known=_SPOT)
    fields.needed("area")
    vat = fields.number("vat")
    if vat is not None and vat > 100:
        raise TariffError("bad_number", "vat is a percentage", "extras.spot.vat")
    has_floor = "floor" in fields.values
    return SpotTerms(
        area=fields.text("area", longest=20),
        averaging=fields.choice("averaging", get_args(Averaging)) or "hour",
        vat=vat,
        mark_up=_dated(fields, "mark_up"),
        energy_tax=_dated(fields, "energy_tax"),
        grid_fee=_dated(fields, "grid_fee"),
        floor=fields.number("floor", least=None) if has_floor else SpotTerms(area="-").floor,
    )


def _dated(fields: Fields, name: str) -> tuple[DatedPrice, ...]:
    """Dated parts in order of their start; they may not overlap."""
    prices = [_dated_price(*one) for one in fields.items(name)]
    prices.sort(key=lambda one: (one.from_on is not None, one.from_on))
    for first, second in pairwise(prices):
        if first.to_on is None or second.from_on is None or first.to_on > second.from_on:
            raise TariffError("overlap", f"Two prices of {name} overlap", fields.path(name))
    return tuple(prices)


def _dated_price(value: Any, at: str) -> DatedPrice:
    fields = Fields(value, at, known=_DATED)
    price = fields.number("price", least=None)
    if price is None:
        raise TariffError("missing", "price is missing", fields.path("price"))
    found = DatedPrice(
        price=price,
        from_on=fields.day("from"),
        to_on=fields.day("to"),
        source=fields.text("source"),
    )
    if found.from_on and found.to_on and found.to_on <= found.from_on:
        raise TariffError("ends_before_start", "The price ends before it starts", at)
    return found
