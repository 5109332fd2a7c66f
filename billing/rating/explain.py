"""A rated session explained: each period with the readings in it, each line with its element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise

from billing.rating import selectors
from billing.rating.models import PriceLine, PricePeriod, RatedSession
from billing.rating.words import KIND_WORDS, PERIOD_WORDS, REASON_WORDS, UNIT_PRICES
from core.ui import units
from stations.sessions.stored import StoredPoint, curve_of

MOST_READINGS: Final = 500
Text = str | Promise


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A price line in words. ``is_stepped``: the tariff's step made more of it than was used."""

    line: PriceLine
    what: Text
    reason: Text
    used: str
    billed: str
    is_stepped: bool
    price: str
    per: Text
    document: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ExplainedPeriod:
    """A price period in words, with the register readings in it."""

    period: PricePeriod
    what: Text
    prices: Sequence[tuple[Text, int | None]]
    readings: Sequence[StoredPoint]

    @property
    def duration(self) -> timedelta:
        """How long it lasted."""
        return self.period.stopped_at - self.period.started_at


def explained_lines(rated: RatedSession) -> list[ExplainedLine]:
    """Every line with the element of the tariff that made it."""
    elements: Sequence[Mapping[str, Any]] = rated.tariff_version.document.get("elements", [])
    return [_line(line, elements) for line in selectors.lines(rated)]


def _line(line: PriceLine, elements: Sequence[Mapping[str, Any]]) -> ExplainedLine:
    known = line.element is not None and line.element < len(elements)
    return ExplainedLine(
        line=line,
        what=KIND_WORDS.get(line.kind, line.kind),
        reason=REASON_WORDS.get(line.reason, line.reason),
        used=_quantity(line.quantity, line.unit),
        billed=_quantity(line.billed_quantity, line.unit),
        is_stepped=line.quantity != line.billed_quantity,
        price=_price(line.unit_price),
        per=UNIT_PRICES.get(line.unit, ""),
        document=elements[line.element] if known and line.element is not None else None,
    )


def _quantity(value: Decimal, unit: str) -> str:
    if unit == "Wh":
        return units.energy(value, 3)
    return units.duration(float(value)) if unit == "s" else ""


def _price(value: Decimal) -> str:
    """As many decimals as it has, two at least."""
    plain = value.normalize()
    places = max(2, -int(plain.as_tuple().exponent))
    return str(number_format(plain, decimal_pos=places))


def explained_periods(rated: RatedSession) -> list[ExplainedPeriod]:
    """Every period with the readings that the reconciler found credible, thinned for a page."""
    points = _thinned(_points(rated))
    return [
        ExplainedPeriod(
            period=period,
            what=PERIOD_WORDS.get(period.kind, period.kind),
            prices=[(KIND_WORDS.get(kind, kind), _number(place)) for kind, place in period.prices],
            readings=[p for p in points if period.started_at <= p.at <= period.stopped_at],
        )
        for period in selectors.periods(rated)
    ]


def _number(place: int | None) -> int | None:
    """Elements are counted from 1 for people."""
    return None if place is None else place + 1


def _points(rated: RatedSession) -> Sequence[StoredPoint]:
    try:
        return curve_of(rated.session.intervals)
    except ValueError:
        return ()


def _thinned(points: Sequence[StoredPoint]) -> Sequence[StoredPoint]:
    step = len(points) // MOST_READINGS + 1
    return points if step == 1 else [*points[:-1:step], points[-1]]
