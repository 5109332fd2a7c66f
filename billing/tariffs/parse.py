"""A tariff from its OCPI JSON (2.2.1 or 2.3.0) with our ``extras`` (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, get_args

from billing.tariffs.parse_extras import parse_extras
from billing.tariffs.reading import Fields, TariffError
from billing.tariffs.terms import (
    COMPONENT_TYPES,
    WEEKDAYS,
    DisplayText,
    Element,
    Extras,
    PriceComponent,
    PriceLimit,
    ReservationKind,
    Restrictions,
    Tariff,
    TariffType,
)
from core.money import is_currency

VERSIONS: Final = ("2.2", "2.2.1", "2.3", "2.3.0")
MOST_ELEMENTS: Final = 1000
MOST_PERCENT: Final = 100
_ELEMENT: Final = frozenset({"price_components", "restrictions"})
_COMPONENT: Final = frozenset({"type", "price", "vat", "step_size"})
_PAIRS: Final = (
    ("min_kwh", "max_kwh"),
    ("min_current", "max_current"),
    ("min_power", "max_power"),
    ("min_duration", "max_duration"),
    ("start_date", "end_date"),
)
_RESTRICTIONS: Final = frozenset(
    {"start_time", "end_time", "day_of_week", "reservation", *(n for pair in _PAIRS for n in pair)}
)


def parse_tariff(document: Mapping[str, Any]) -> Tariff:
    """The tariff of an OCPI document. Raises TariffError.

    Unknown members of the tariff itself are passed over, as OCPI asks; unknown ones inside
    elements are refused, since they could change a price.
    """
    fields = Fields(document)
    _check_version(fields)
    currency = fields.needed("currency")
    if not isinstance(currency, str) or not is_currency(currency):
        raise TariffError("unknown_currency", f"{currency!r} is no known currency", "currency")
    extras = parse_extras(fields.get("extras"))
    tariff = Tariff(
        id=fields.text("id"),
        country_code=fields.text("country_code", longest=2),
        party_id=fields.text("party_id", longest=3),
        currency=currency,
        type=fields.choice("type", get_args(TariffType)),
        tariff_alt_text=tuple(_display_text(*one) for one in fields.items("tariff_alt_text")),
        tariff_alt_url=fields.text("tariff_alt_url", longest=2000),
        min_price=_limit(fields, "min_price"),
        max_price=_limit(fields, "max_price"),
        tax_included=fields.choice("tax_included", ("YES", "NO", "N/A")) or "NO",
        start_at=fields.instant("start_date_time"),
        end_at=fields.instant("end_date_time"),
        last_updated_at=fields.instant("last_updated"),
        energy_mix=_mix(fields),
        preauthorize_amount=fields.number("preauthorize_amount"),
        elements=_elements(fields, extras),
        extras=extras,
    )
    _check_whole(tariff)
    return tariff


def _check_version(fields: Fields) -> None:
    version = fields.get("ocpi_version")
    if version is not None and version not in VERSIONS:
        text = f"Only OCPI {', '.join(VERSIONS)} can be read"
        raise TariffError("wrong_version", text, "ocpi_version")
    if "elements" not in fields.values and "status_code" in fields.values:
        raise TariffError("not_a_tariff", "This is an OCPI response; its data is the tariff", "")


def _elements(fields: Fields, extras: Extras) -> tuple[Element, ...]:
    items = fields.items("elements")
    if not items and extras.spot is None and not extras.announced_afterwards:
        raise TariffError("missing", "A tariff needs at least one element", "elements")
    if len(items) > MOST_ELEMENTS:
        raise TariffError("too_many", f"At most {MOST_ELEMENTS} elements", "elements")
    return tuple(_element(value, at, extras) for value, at in items)


def _element(value: Any, at: str, extras: Extras) -> Element:
    fields = Fields(value, at, known=_ELEMENT)
    items = fields.items("price_components")
    if not items:
        raise TariffError("missing", "An element needs a price", fields.path("price_components"))
    components = tuple(_component(one, path, extras) for one, path in items)
    seen: set[str] = set()
    for component, (_item, path) in zip(components, items, strict=True):
        if component.type in seen:
            text = f"The element has two prices of {component.type}"
            raise TariffError("duplicate_component", text, path)
        seen.add(component.type)
    restrictions = _restrictions(fields.get("restrictions"), fields.path("restrictions"))
    if restrictions.reservation and seen & {"ENERGY", "PARKING_TIME"}:
        text = "A reservation has no energy and no parking: only FLAT and TIME can be priced"
        raise TariffError("impossible_restriction", text, fields.path("restrictions.reservation"))
    return Element(price_components=components, restrictions=restrictions)


def _component(value: Any, at: str, extras: Extras) -> PriceComponent:
    fields = Fields(value, at, known=_COMPONENT)
    fields.needed("type"), fields.needed("price")
    kind = fields.choice("type", COMPONENT_TYPES)
    price = fields.number("price", least=None)
    if price is None or (price < 0 and not extras.allow_negative):
        text = "The price is negative; extras.allow_negative would permit it"
        raise TariffError("negative_price", text, fields.path("price"))
    vat = fields.number("vat")
    if vat is not None and vat > MOST_PERCENT:
        raise TariffError("bad_number", "vat is a percentage", fields.path("vat"))
    step = fields.whole("step_size")
    if step == 0 and kind != "FLAT" and price != 0:
        raise TariffError("too_small", "step_size must be at least 1", fields.path("step_size"))
    return PriceComponent(type=kind, price=price, vat=vat, step_size=step or 1)


def _restrictions(value: Any, at: str) -> Restrictions:
    if value is None:
        return Restrictions()
    fields = Fields(value, at, known=_RESTRICTIONS)
    found = Restrictions(
        start_time=fields.clock("start_time"),
        end_time=fields.clock("end_time"),
        start_date=fields.day("start_date"),
        end_date=fields.day("end_date"),
        min_kwh=fields.number("min_kwh"),
        max_kwh=fields.number("max_kwh"),
        min_current=fields.number("min_current"),
        max_current=fields.number("max_current"),
        min_power=fields.number("min_power"),
        max_power=fields.number("max_power"),
        min_duration=fields.whole("min_duration"),
        max_duration=fields.whole("max_duration"),
        day_of_week=_weekdays(fields),
        reservation=fields.choice("reservation", get_args(ReservationKind)),
    )
    _check_possible(found, fields)
    return found


def _weekdays(fields: Fields) -> tuple[Any, ...]:
    named = set()
    for value, path in fields.items("day_of_week"):
        if value not in WEEKDAYS:
            raise TariffError("unknown_value", f"{value!r} is no day of the week", path)
        named.add(value)
    return tuple(day for day in WEEKDAYS if day in named)


def _check_possible(found: Restrictions, fields: Fields) -> None:
    """Refuse what can never hold."""
    for low, high in _PAIRS:
        least, most = getattr(found, low), getattr(found, high)
        if most is not None and (least if least is not None else _zero_like(most)) >= most:
            text = f"{low} must be below {high}: nothing is ever between them"
            raise TariffError("impossible_restriction", text, fields.path(high))
    start, end = found.start_time, found.end_time
    if start is not None and start == end and start.isoformat() != "00:00:00":
        text = "start_time and end_time are the same: leave both out for the whole day"
        raise TariffError("impossible_restriction", text, fields.path("end_time"))


def _zero_like(most: Any) -> Any:
    """The least that can be: no energy, no time; dates have none."""
    return type(most).min if not isinstance(most, int | Decimal) else 0


def _limit(fields: Fields, name: str) -> PriceLimit | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        raise TariffError("wrong_version", f"{name} is an object since OCPI 2.2", fields.path(name))
    limit = Fields(value, fields.path(name))
    new, old = limit.number("before_taxes"), limit.number("excl_vat")
    if new is not None and old is not None:
        text = "before_taxes (2.3.0) and excl_vat (2.2.1) do not go together"
        raise TariffError("mixed_versions", text, limit.at)
    before = new if new is not None else old
    after = limit.number("after_taxes" if old is None else "incl_vat")
    if after is None and old is None:
        after = limit.number("incl_vat")
    if before is None and after is None:
        raise TariffError("missing", "before_taxes is missing", limit.path("before_taxes"))
    return PriceLimit(before_taxes=before, after_taxes=after)


def _display_text(value: Any, at: str) -> DisplayText:
    fields = Fields(value, at)
    fields.needed("language"), fields.needed("text")
    return DisplayText(
        language=fields.text("language", longest=35), text=fields.text("text", longest=512)
    )


def _mix(fields: Fields) -> Mapping[str, Any] | None:
    value = fields.get("energy_mix")
    return None if value is None else Fields(value, "energy_mix").values


def _check_whole(tariff: Tariff) -> None:
    """Refuse what contradicts itself across the tariff."""
    if tariff.start_at and tariff.end_at and tariff.end_at <= tariff.start_at:
        raise TariffError("ends_before_start", "The tariff ends before it starts", "end_date_time")
    for name in ("before_taxes", "after_taxes"):
        least = getattr(tariff.min_price, name, None)
        most = getattr(tariff.max_price, name, None)
        if least is not None and most is not None and least > most:
            raise TariffError("impossible_limit", "min_price is above max_price", "max_price")
    if tariff.type == "AD_HOC_PAYMENT" and tariff.extras.announced_afterwards:
        text = "Who pays on the spot must know the price before: it cannot be announced afterwards"
        raise TariffError("contradiction", text, "extras.announced_afterwards")
    _check_defaults(tariff)


def _check_defaults(tariff: Tariff) -> None:
    defaults: set[str] = set()
    for place, element in enumerate(tariff.elements):
        if not element.restrictions.is_empty:
            continue
        twice = defaults & {one.type for one in element.price_components}
        if twice:
            text = f"A second unrestricted price of {min(twice)} could never count"
            raise TariffError("two_defaults", text, f"elements[{place}]")
        defaults |= {one.type for one in element.price_components}
    if tariff.extras.spot is not None and "ENERGY" in defaults:
        text = "An unrestricted ENERGY price leaves nothing for the spot price"
        raise TariffError("two_defaults", text, "extras.spot")
