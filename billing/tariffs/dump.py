"""A tariff as OCPI JSON, 2.3.0 or 2.2.1 (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, Literal

from billing.tariffs.terms import (
    DatedPrice,
    Element,
    Extras,
    IdleTerms,
    PriceLimit,
    SpotTerms,
    Tariff,
)

Version = Literal["2.2.1", "2.3.0"]
_EXACT_DIGITS: Final = 15


def dump_tariff(
    tariff: Tariff, version: Version = "2.3.0", *, extras: bool = True
) -> dict[str, Any]:
    """The document of a tariff: texts, whole numbers and decimals as JSON numbers.

    ``parse_tariff`` gives the same tariff again. Without ``extras`` it is plain OCPI, for partners.
    """
    found = {
        "country_code": tariff.country_code or None,
        "party_id": tariff.party_id or None,
        "id": tariff.id or None,
        "currency": tariff.currency,
        "type": tariff.type,
        "tariff_alt_text": [
            {"language": one.language, "text": one.text} for one in tariff.tariff_alt_text
        ]
        or None,
        "tariff_alt_url": tariff.tariff_alt_url or None,
        "min_price": _limit(tariff.min_price, version),
        "max_price": _limit(tariff.max_price, version),
        "elements": [_element(one) for one in tariff.elements],
        "tax_included": tariff.tax_included if version == "2.3.0" else None,
        "start_date_time": _instant(tariff.start_at),
        "end_date_time": _instant(tariff.end_at),
        "energy_mix": None if tariff.energy_mix is None else dict(tariff.energy_mix),
        "preauthorize_amount": number(tariff.preauthorize_amount),
        "last_updated": _instant(tariff.last_updated_at),
        "extras": (_extras(tariff.extras) or None) if extras else None,
    }
    return _set(found)


def number(value: Decimal | int | None) -> int | float | str | None:
    """A number for JSON that reads back as the same decimal.

    Up to 15 digits are a JSON number (such a float prints exactly those digits); more are a text.
    """
    if value is None or isinstance(value, int):
        return value
    if value == value.to_integral_value() and value.adjusted() < _EXACT_DIGITS:
        return int(value)
    plain = float(value)
    return plain if Decimal(repr(plain)) == value else format(value, "f")


def _element(element: Element) -> dict[str, Any]:
    components = [
        _set(
            {
                "type": one.type,
                "price": number(one.price),
                "vat": number(one.vat),
                "step_size": one.step_size,
            }
        )
        for one in element.price_components
    ]
    limits = element.restrictions
    restrictions = _set(
        {
            name: _plain(getattr(limits, name))
            for name in limits.__slots__
            if name not in ("day_of_week", "reservation")
        }
        | {"day_of_week": list(limits.day_of_week) or None, "reservation": limits.reservation}
    )
    return _set({"price_components": components, "restrictions": restrictions or None})


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return _clock(value)
    return value.isoformat() if isinstance(value, date) else number(value)


def _limit(limit: PriceLimit | None, version: Version) -> dict[str, Any] | None:
    if limit is None:
        return None
    names = ("before_taxes", "after_taxes") if version == "2.3.0" else ("excl_vat", "incl_vat")
    values = (limit.before_taxes, limit.after_taxes)
    return _set({name: number(value) for name, value in zip(names, values, strict=True)})


def _extras(extras: Extras) -> dict[str, Any]:
    minimum = extras.minimum
    return _set(
        {
            "idle": _idle(extras.idle) or None,
            "minimum": None
            if minimum is None
            else _set(
                {
                    "energy_wh": minimum.energy_wh,
                    "duration_seconds": minimum.duration_seconds,
                }
            ),
            "spot": None if extras.spot is None else _spot(extras.spot),
            "announced_afterwards": extras.announced_afterwards or None,
            "allow_negative": extras.allow_negative or None,
        }
    )


def _idle(idle: IdleTerms) -> dict[str, Any]:
    windows = [
        {"start_time": _clock(one.start_time), "end_time": _clock(one.end_time)}
        for one in idle.free_hours
    ]
    return _set(
        {
            "grace_seconds": idle.grace_seconds or None,
            "cap": number(idle.cap),
            "free_hours": windows or None,
            "free_below_kw": number(idle.free_below_kw),
        }
    )


def _spot(spot: SpotTerms) -> dict[str, Any]:
    found = _set(
        {
            "area": spot.area,
            "averaging": spot.averaging,
            "vat": number(spot.vat),
            "mark_up": _dated(spot.mark_up) or None,
            "energy_tax": _dated(spot.energy_tax) or None,
            "grid_fee": _dated(spot.grid_fee) or None,
        }
    )
    return found | {"floor": number(spot.floor)}


def _dated(prices: Iterable[DatedPrice]) -> list[dict[str, Any]]:
    return [
        _set(
            {
                "price": number(one.price),
                "from": one.from_on and one.from_on.isoformat(),
                "to": one.to_on and one.to_on.isoformat(),
                "source": one.source or None,
            }
        )
        for one in prices
    ]


def _set(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not set."""
    return {name: value for name, value in values.items() if value is not None}


def _clock(value: time) -> str:
    return value.strftime("%H:%M")


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")
