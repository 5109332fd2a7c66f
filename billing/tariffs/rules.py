"""Between the forms of the rule editor and a tariff. Pure: cleaned values in, tariff out, and back.

One form holds prices of one VAT rate; an element with several rates is shown as several rules of
the same conditions, which prices the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from billing.tariffs.model import (
    ClockWindow,
    ComponentType,
    DatedPrice,
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

PRICES: Final[dict[str, ComponentType]] = {
    "energy": "ENERGY", "time": "TIME", "parking": "PARKING_TIME", "flat": "FLAT",
}  # fmt: skip
_SAME: Final = (
    "start_time", "end_time", "start_date", "end_date", "min_kwh", "max_kwh", "min_power",
    "max_power", "min_current", "max_current",
)  # fmt: skip
_MILLIONTH: Final = Decimal("0.000001")
_WINDOW: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")


class NotReadable(ValueError):
    """A text of the form that says nothing that can be understood; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def element_of(values: Mapping[str, Any]) -> Element:
    """The element of one rule's form."""
    components = tuple(
        PriceComponent(
            type=kind,
            price=values[name],
            vat=values["vat"],
            step_size=values.get(f"{name}_step") or 1,
        )
        for name, kind in PRICES.items()
        if values[name] is not None
    )
    return Element(
        price_components=components,
        restrictions=Restrictions(
            **{name: values[name] for name in _SAME},
            min_duration=_seconds(values["min_duration"]),
            max_duration=_seconds(values["max_duration"]),
            day_of_week=tuple(values["day_of_week"]),
            reservation=values["reservation"] or None,
        ),
    )


def _seconds(minutes: Decimal | None) -> int | None:
    return None if minutes is None else round(minutes * 60)


def _minutes(seconds: int | None) -> Decimal | None:
    return None if seconds is None else (Decimal(seconds) / 60).quantize(_MILLIONTH)


def values_of(element: Element) -> list[dict[str, Any]]:
    """What the forms of an element hold, one form a VAT rate."""
    rates = list(dict.fromkeys(one.vat for one in element.price_components))
    return [_values(element, rate) for rate in rates]


def _values(element: Element, rate: Decimal | None) -> dict[str, Any]:
    limits = element.restrictions
    values: dict[str, Any] = {name: getattr(limits, name) for name in _SAME}
    for name in ("min_duration", "max_duration"):
        values[name] = _minutes(getattr(limits, name))
    values |= {
        "day_of_week": list(limits.day_of_week),
        "reservation": limits.reservation or "",
        "vat": rate,
    }
    for name, kind in PRICES.items():
        component = element.component(kind)
        if component is not None and component.vat == rate:
            values[name] = component.price
            if kind != "FLAT" and component.step_size != 1:
                values[f"{name}_step"] = component.step_size
    return values


def tariff_of(base: Tariff, whole: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> Tariff:
    """``base`` with what the forms say; raises NotReadable for a text that is no windows or
    dated prices."""
    return replace(
        base,
        type=_type(base, whole),
        elements=tuple(element_of(values) for values in rules),
        min_price=_limit(whole["min_before"], whole["min_after"]),
        max_price=_limit(whole["max_before"], whole["max_after"]),
        extras=Extras(
            idle=IdleTerms(
                grace_seconds=_seconds(whole["grace_minutes"]) or 0,
                cap=whole["idle_cap"],
                free_hours=_windows(whole["free_hours"]),
                free_below_kw=whole["free_below_kw"],
            ),
            minimum=_minimum(whole["minimum_wh"], whole["minimum_seconds"]),
            spot=_spot(whole),
            announced_afterwards=whole["announced_afterwards"],
            allow_negative=whole["allow_negative"],
        ),
    )


def _type(base: Tariff, whole: Mapping[str, Any]) -> Any:
    """What kind of tariff it was, unless guests are let in or shut out."""
    was_for_guests = base.type in (None, "AD_HOC_PAYMENT")
    if whole["is_for_guests"] == was_for_guests:
        return base.type
    return None if whole["is_for_guests"] else "REGULAR"


def _limit(before: Decimal | None, after: Decimal | None) -> PriceLimit | None:
    if before is None and after is None:
        return None
    return PriceLimit(before_taxes=before, after_taxes=after)


def _minimum(energy_wh: int | None, seconds: int | None) -> MinimumBillable | None:
    if energy_wh is None and seconds is None:
        return None
    return MinimumBillable(energy_wh=energy_wh, duration_seconds=seconds)


def _windows(text: str) -> tuple[ClockWindow, ...]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _WINDOW.fullmatch(part)
        if match is None:
            raise NotReadable("free_hours")
        a, b, c, d = map(int, match.groups())
        found.append(ClockWindow(start_time=time(a, b), end_time=time(c, d)))
    return tuple(found)


def _spot(whole: Mapping[str, Any]) -> SpotTerms | None:
    if not whole["area"]:
        return None
    return SpotTerms(
        area=whole["area"],
        averaging=whole["averaging"] or "hour",
        vat=whole["spot_vat"],
        floor=whole["floor"],
        mark_up=_dated(whole, "mark_up"),
        energy_tax=_dated(whole, "energy_tax"),
        grid_fee=_dated(whole, "grid_fee"),
    )


def _dated(whole: Mapping[str, Any], name: str) -> tuple[DatedPrice, ...]:
    lines = [line for line in str(whole[name]).splitlines() if line.strip()]
    try:
        return tuple(_dated_price(line) for line in lines)
    except (ValueError, InvalidOperation) as error:
        raise NotReadable(name) from error


def _dated_price(line: str) -> DatedPrice:
    price, start, end, source = (*(part.strip() for part in line.split(";", 3)), "", "", "")[:4]
    amount = Decimal(price.replace(",", "."))
    if not amount.is_finite():
        raise ValueError(price)
    return DatedPrice(
        price=amount,
        from_on=date.fromisoformat(start) if start else None,
        to_on=date.fromisoformat(end) if end else None,
        source=source,
    )


def whole_values(tariff: Tariff) -> dict[str, Any]:
    """What the form of the whole tariff holds."""
    extras, least, most = tariff.extras, tariff.min_price, tariff.max_price
    idle, minimum, spot = extras.idle, extras.minimum, extras.spot
    windows = (f"{w.start_time:%H:%M}-{w.end_time:%H:%M}" for w in idle.free_hours)
    values: dict[str, Any] = {
        "is_for_guests": tariff.type in (None, "AD_HOC_PAYMENT"),
        "min_before": least and least.before_taxes,
        "min_after": least and least.after_taxes,
        "max_before": most and most.before_taxes,
        "max_after": most and most.after_taxes,
        "grace_minutes": _minutes(idle.grace_seconds),
        "idle_cap": idle.cap,
        "free_hours": ", ".join(windows),
        "free_below_kw": idle.free_below_kw,
        "minimum_wh": minimum and minimum.energy_wh,
        "minimum_seconds": minimum and minimum.duration_seconds,
        "announced_afterwards": extras.announced_afterwards,
        "allow_negative": extras.allow_negative,
        "floor": Decimal(0),
        "spot_vat": Decimal(25),
    }
    return values | (_spot_values(spot) if spot else {})


def _spot_values(spot: SpotTerms) -> dict[str, Any]:
    return {
        "area": spot.area,
        "averaging": spot.averaging,
        "spot_vat": spot.vat,
        "floor": spot.floor,
        "mark_up": _lines(spot.mark_up),
        "energy_tax": _lines(spot.energy_tax),
        "grid_fee": _lines(spot.grid_fee),
    }


def _lines(prices: Iterable[DatedPrice]) -> str:
    return "\n".join(
        "; ".join(
            (f"{one.price:f}", (one.from_on and one.from_on.isoformat()) or "",
             (one.to_on and one.to_on.isoformat()) or "", one.source)
        ).rstrip("; ")
        for one in prices
    )  # fmt: skip
