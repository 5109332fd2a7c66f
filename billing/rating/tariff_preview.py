"""What a tariff costs in words and examples, for the pages of tariffs (setting TARIFF_PREVIEW)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.rating.engine import rate
from billing.rating.facts import CurvePoint, Interval, SessionFacts
from billing.rating.price_text import price_lines
from billing.rating.price_words import Language
from billing.tariffs.model import Tariff
from billing.tariffs.preview import ExampleSession, Preview, PricedExample, examples

BEGINS = time(17)


class EnginePreview:
    """Text and prices by the engine that bills."""

    def preview(self, tariff: Tariff, *, language: str, time_zone: str) -> Preview:
        """The text of the driver's page, and the examples from 17:00 on the next weekday."""
        spoken: Language = "sv" if language.startswith("sv") else "en"
        lines = [str(line) for line in price_lines(tariff, spoken)]
        start = _next_weekday(timezone.localdate(timezone=ZoneInfo(time_zone)), time_zone)
        return Preview(lines, [_priced(one, tariff, start, time_zone) for one in examples()])


def _next_weekday(today: date, time_zone: str) -> datetime:
    day = today
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, BEGINS, tzinfo=ZoneInfo(time_zone))


def _priced(
    example: ExampleSession, tariff: Tariff, start: datetime, time_zone: str
) -> PricedExample:
    if tariff.extras.spot is not None:
        return PricedExample(example, note=_("as the spot price"))
    result = rate(tariff, facts_of(example, start, time_zone))
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
