"""What pages show beside a tariff: its text, priced examples, warnings and its week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.tariffs.afir import any_power_problems, is_for_ad_hoc, strong_problems
from billing.tariffs.lint import lint
from billing.tariffs.lint_words import COMPONENTS, DAYS, breach_text, warning_text
from billing.tariffs.model import COMPONENT_TYPES, ComponentType, Tariff
from billing.tariffs.preview import STAYS_MINUTES, PricedExample, preview_of, unit_price_of
from billing.tariffs.week import HOURS, grid, is_by_clock
from core.accounts.middleware import operator_of
from core.accounts.models import Operator
from core.tenancy.today import operator_today

TONES = ("active", "ok", "paused", "warn", "bad", "idle")
ROUNDED_STAYS = {20: "20 min", 120: "2 h", 600: "10 h"}


@dataclass(frozen=True, slots=True)
class WeekCell:
    """One hour of one day: the number of the rule (empty: none) and its colour."""

    rule: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """The week of one dimension: hours by days, and what each rule in it costs."""

    dimension: str
    hours: Sequence[tuple[str, Sequence[WeekCell]]]
    rules: Sequence[tuple[WeekCell, str]]


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """One power and what each stay costs."""

    power_w: int
    prices: Sequence[PricedExample]


@dataclass(frozen=True, slots=True)
class ShownTariff:
    """All of it."""

    lines: Sequence[str]
    examples: Sequence[ExampleRow]
    stays: Sequence[str]
    warnings: Sequence[str]
    ad_hoc: Sequence[str]
    weeks: Sequence[ShownWeek]
    spot_note: str
    days: Sequence[str]
    currency: str
    is_tax_included: bool


def shown_tariff(operator: Operator, tariff: Tariff) -> ShownTariff:
    """A tariff for the reader, examples in the operator's zone."""
    told = preview_of(
        tariff,
        language=_language(),
        time_zone=str(operator.time_zone),
        operator_id=operator.pk,
    )
    return ShownTariff(
        lines=told.lines,
        examples=_example_rows(told.examples),
        stays=[ROUNDED_STAYS[stay] for stay in STAYS_MINUTES],
        warnings=[warning_text(one) for one in lint(tariff, operator_today())],
        ad_hoc=_ad_hoc(tariff),
        weeks=_weeks(tariff),
        spot_note=told.spot_note,
        days=[str(day) for day in DAYS],
        currency=tariff.currency,
        is_tax_included=tariff.tax_included == "YES",
    )


def shown_for(request: HttpRequest, tariff: Tariff) -> ShownTariff:
    """The same for a page."""
    return shown_tariff(operator_of(request), tariff)


def _example_rows(examples: Sequence[PricedExample]) -> list[ExampleRow]:
    powers = dict.fromkeys(one.example.power_w for one in examples)
    return [
        ExampleRow(power, [one for one in examples if one.example.power_w == power])
        for power in powers
    ]


def _ad_hoc(tariff: Tariff) -> list[str]:
    """Where guests may not be priced by it, and why."""
    if not is_for_ad_hoc(tariff):
        return []
    everywhere = [breach_text(one) for one in any_power_problems(tariff)]
    if everywhere:
        return [_("Not allowed as an ad hoc price anywhere (AFIR): %s") % " ".join(everywhere)]
    strong = list(dict.fromkeys(breach_text(one) for one in strong_problems(tariff)))
    if strong:
        return [_("Not allowed as an ad hoc price at 50 kW and more (AFIR): %s") % " ".join(strong)]
    return []


def _weeks(tariff: Tariff) -> list[ShownWeek]:
    """A grid of hours by days for each dimension that changes by the clock."""
    return [_week(tariff, kind) for kind in COMPONENT_TYPES if _changes(tariff, kind)]


def _week(tariff: Tariff, kind: ComponentType) -> ShownWeek:
    days = grid(tariff, kind)
    hours = [
        (f"{hour:02}–{hour + 1:02}", [_cell(days[day][hour]) for day in range(7)]) for hour in HOURS
    ]
    rules = sorted({rule for day in days for rule in day if rule is not None})
    return ShownWeek(str(COMPONENTS[kind]), hours, [_ruled(tariff, kind, rule) for rule in rules])


def _ruled(tariff: Tariff, kind: ComponentType, rule: int) -> tuple[WeekCell, str]:
    """A rule of the grid and its price, as people read it."""
    component = tariff.elements[rule].component(kind)
    price = component.price if component is not None else Decimal()
    shown = unit_price_of(kind, price, currency=tariff.currency, language=_language())
    return _cell(rule), shown


def _language() -> str:
    return get_language() or "sv"


def _changes(tariff: Tariff, kind: ComponentType) -> bool:
    return any(
        element.component(kind) is not None
        and is_by_clock(element.restrictions)
        and not element.restrictions.is_empty
        for element in tariff.elements
    )


def _cell(rule: int | None) -> WeekCell:
    if rule is None:
        return WeekCell("", "idle")
    return WeekCell(str(rule + 1), TONES[rule % len(TONES)])
