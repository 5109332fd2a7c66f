"""What a tariff costs in words and examples, for the pages of tariffs (setting TARIFF_PREVIEW)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.rating.engine import rate
from billing.rating.facts import CurvePoint, Interval, SessionFacts
from billing.rating.last_month import (
    Profile,
    average_day,
    month_before,
    prices_on,
    with_parts_of,
)
from billing.rating.price_text import price_lines, unit_price
from billing.rating.price_words import Language
from billing.spot.selectors import load_book
from billing.tariffs.model import ComponentType, Tariff
from billing.tariffs.preview import ExampleSession, Preview, PricedExample, examples

BEGINS = time(17)


class EnginePreview:
    """Text and prices by the engine that bills."""

    def preview(
        self, tariff: Tariff, *, language: str, time_zone: str, operator_id: int | None = None
    ) -> Preview:
        """The text of the driver's page, and the examples from 17:00 on the next weekday; by the
        spot price as last month's prices would have given them on average."""
        lines = [str(line) for line in price_lines(tariff, _spoken(language))]
        start = _next_weekday(timezone.localdate(timezone=ZoneInfo(time_zone)), time_zone)
        spot = _last_month(tariff, time_zone, operator_id)
        priced = [_priced(one, tariff, start, time_zone, spot.profile) for one in examples()]
        return Preview(lines, priced, spot.note)

    def unit_price(
        self, kind: ComponentType, price: Decimal, *, currency: str, language: str
    ) -> str:
        """As the lines of the text have it."""
        return unit_price(_spoken(language), kind, price, currency)


def _spoken(language: str) -> Language:
    return "sv" if language.startswith("sv") else "en"


@dataclass(frozen=True, slots=True)
class _Spot:
    """An average day of last month, and what to say of it."""

    profile: Profile | None = None
    note: str = ""


def _last_month(tariff: Tariff, time_zone: str, operator_id: int | None) -> _Spot:
    terms = tariff.extras.spot
    if terms is None or operator_id is None:
        return _Spot()
    zone = ZoneInfo(time_zone)
    today = timezone.localdate(timezone=zone)
    begin, end = month_before(today, zone)
    book = load_book(
        operator_id=operator_id,
        area=terms.area,
        currency=tariff.currency,
        begins_at=begin,
        ends_at=end,
    )
    profile = average_day(
        with_parts_of(terms, today), tariff.currency, book, time_zone, (begin, end)
    )
    told = {"month": date_format(begin.astimezone(zone), "F Y"), "area": terms.area}
    if profile is None:
        return _Spot(None, _("No spot prices of %(area)s for %(month)s are stored.") % told)
    return _Spot(profile, _("With the average day of %(area)s in %(month)s.") % told)


def _next_weekday(today: date, time_zone: str) -> datetime:
    day = today
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, BEGINS, tzinfo=ZoneInfo(time_zone))


def _priced(
    example: ExampleSession,
    tariff: Tariff,
    start: datetime,
    time_zone: str,
    profile: Profile | None,
) -> PricedExample:
    if tariff.extras.spot is not None and profile is None:
        return PricedExample(example, note=_("as the spot price"))
    facts = facts_of(example, start, time_zone)
    if profile is not None:
        prices = prices_on(profile, facts.started_at, facts.ended_at, time_zone)
        facts = replace(facts, spot_prices=prices)
    result = rate(tariff, facts)
    if result.status == "awaiting_price":
        return PricedExample(example, note=_("afterwards"))
    return PricedExample(example, result.net, result.gross)


def facts_of(example: ExampleSession, start: datetime, time_zone: str) -> SessionFacts:
    """An example as the engine takes it: a steady power, then a car that asks for none."""
    full = start + timedelta(minutes=example.charging_minutes)
    end = full + timedelta(minutes=example.idle_minutes)
    energy = Decimal(example.energy_wh)
    intervals = [Interval("charging", start, full, power_w=Decimal(example.power_w))]
    curve = [CurvePoint(start, Decimal(0)), CurvePoint(full, energy)]
    if example.idle_minutes:
        intervals.append(Interval("idle", full, end, power_w=Decimal(0)))
        curve.append(CurvePoint(end, energy))
    return SessionFacts(
        started_at=start,
        ended_at=end,
        zone=time_zone,
        curve=tuple(curve),
        intervals=tuple(intervals),
        evse_max_power_w=Decimal(example.power_w),
    )
