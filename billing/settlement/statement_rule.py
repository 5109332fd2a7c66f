"""What a site's host earns, or owes, for a period: from facts and terms to lines (pure).

A term that holds on the day of a session applies to it; terms of a station stand in for those of
the site. A monthly amount counts by the day of its calendar month, a month's cost of energy by the
days of that month on which the term holds. Each line is rounded once, half up, to the smallest
unit of the currency; totals are sums of lines.

Late facts (of days that an earlier statement covered) make lines of their own, by the terms that
held on their day.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Literal

from billing.rating.rules.rounding import round_half_up
from core.money import minor_digits

Kind = Literal[
    "share_energy", "share_all", "per_kwh", "per_session", "per_month", "energy_cost", "carried"
]
Direction = Literal["to_host", "to_operator"]
Unit = Literal["", "kWh", "session", "month"]

SHARES: Final = frozenset({"share_energy", "share_all", "energy_cost"})
"""Kinds whose rate is a percentage of a sum of money."""
UNITS: Final[dict[str, Unit]] = {"per_kwh": "kWh", "per_session": "session", "per_month": "month"}
QUANTITY: Final = Decimal("1e-6")
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: ``rate`` is a percentage for shares and costs, else an amount per unit."""

    id: int
    kind: Kind
    direction: Direction
    rate: Decimal
    tax_percent: Decimal = Decimal(25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms that hold from one day to another, both included (None: until further notice), at a
    station or (None) at the whole site."""

    from_on: date
    until_on: date | None
    terms: tuple[Term, ...]
    station_id: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether they hold on that day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """A session, or what changed of one: net sums of money, energy, and how many sessions."""

    on: date
    station_id: int
    energy_wh: Decimal
    sessions: int
    energy_net: Decimal
    net: Decimal
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCost:
    """What a month's energy cost the site (or what changed of it), without VAT."""

    month: date
    net: Decimal
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """An earlier statement's sum below zero, by rate of VAT, that this one takes over."""

    statement_id: int
    amount: Decimal
    tax_percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a statement is made of. The days are both included."""

    currency: str
    from_on: date
    until_on: date
    terms: tuple[Terms, ...]
    usages: Sequence[Usage] = ()
    costs: Sequence[MonthCost] = ()
    carried: Sequence[Carried] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one term makes: ``quantity`` of ``unit`` (empty: money) times ``rate``."""

    term_id: int | None
    kind: Kind
    direction: Direction
    is_late: bool
    station_id: int | None
    from_on: date
    until_on: date
    quantity: Decimal
    unit: Unit
    rate: Decimal
    amount: Decimal
    tax_percent: Decimal
    carries_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The lines, and net sums in both directions."""

    lines: tuple[Line, ...]
    to_host: Decimal
    to_operator: Decimal


@dataclass(slots=True)
class _Heap:
    """Facts of one term so far."""

    term: Term
    station_id: int | None
    is_late: bool
    quantity: Fraction
    from_on: date
    until_on: date

    def add(self, quantity: Fraction, from_on: date, until_on: date) -> None:
        self.quantity += quantity
        self.from_on = min(self.from_on, from_on)
        self.until_on = max(self.until_on, until_on)


def settle_period(facts: Facts) -> Outcome:
    """The lines of a statement in the order of the terms; late ones after the others."""
    heaps: dict[tuple[int, bool], _Heap] = {}
    for own in facts.terms:
        _begin(heaps, own, facts)
    for usage in facts.usages:
        applied = applying(facts.terms, usage.station_id, usage.on)
        if applied is not None:
            _use(heaps, applied, usage)
    for cost in facts.costs:
        for own in facts.terms:
            for term in own.terms if own.station_id is None else ():
                if term.kind == "energy_cost":
                    _cost(heaps, term, own, cost)
    lines = [_line(heap, facts.currency) for heap in sorted(heaps.values(), key=_order)
             if heap.quantity or not heap.is_late]  # fmt: skip
    lines = [*(_carried(one, facts) for one in facts.carried), *lines]
    return Outcome(tuple(lines), _sum(lines, "to_host"), _sum(lines, "to_operator"))


def applying(terms: Iterable[Terms], station_id: int, day: date) -> Terms | None:
    """The terms of the station that hold on the day, else those of the site."""
    holding = [one for one in terms if one.holds_on(day)]
    for wanted in (station_id, None):
        for one in holding:
            if one.station_id == wanted:
                return one
    return None


def _begin(heaps: dict[tuple[int, bool], _Heap], own: Terms, facts: Facts) -> None:
    """A line for each term that holds in the period, with what counts by the day."""
    first = max(own.from_on, facts.from_on)
    last = facts.until_on if own.until_on is None else min(own.until_on, facts.until_on)
    if first > last:
        return
    for term in own.terms:
        months = months_of(first, last) if term.kind == "per_month" else Fraction()
        _add(heaps, term, own, False, months, first, last)


def months_of(first: date, last: date) -> Fraction:
    """How many months the days make, each day being its share of its calendar month."""
    total = Fraction()
    while first <= last:
        length = calendar.monthrange(first.year, first.month)[1]
        end = min(last, first.replace(day=length))
        total += Fraction((end - first).days + 1, length)
        first = end + timedelta(days=1)
    return total


def _use(heaps: dict[tuple[int, bool], _Heap], own: Terms, usage: Usage) -> None:
    for term in own.terms:
        quantity = _used(term.kind, usage)
        if quantity is not None:
            _add(heaps, term, own, usage.is_late, quantity, usage.on, usage.on)


def _used(kind: Kind, usage: Usage) -> Fraction | None:
    match kind:
        case "share_energy":
            return Fraction(usage.energy_net)
        case "share_all":
            return Fraction(usage.net)
        case "per_kwh":
            return Fraction(usage.energy_wh) / 1000
        case "per_session":
            return Fraction(usage.sessions)
        case _:
            return None


def _cost(heaps: dict[tuple[int, bool], _Heap], term: Term, own: Terms, cost: MonthCost) -> None:
    """The share of a month's cost that falls on the days of the term."""
    length = calendar.monthrange(cost.month.year, cost.month.month)[1]
    end = cost.month.replace(day=length)
    first = max(own.from_on, cost.month)
    last = end if own.until_on is None else min(own.until_on, end)
    if first <= last:
        share = Fraction((last - first).days + 1, length)
        _add(heaps, term, own, cost.is_late, Fraction(cost.net) * share, first, last)


def _add(
    heaps: dict[tuple[int, bool], _Heap],
    term: Term,
    own: Terms,
    is_late: bool,
    quantity: Fraction,
    from_on: date,
    until_on: date,
) -> None:
    heap = heaps.setdefault(
        (term.id, is_late), _Heap(term, own.station_id, is_late, Fraction(), from_on, until_on)
    )
    heap.add(quantity, from_on, until_on)


def _order(heap: _Heap) -> tuple[bool, int]:
    return heap.is_late, heap.term.id


def _line(heap: _Heap, currency: str) -> Line:
    term, digits = heap.term, minor_digits(currency)
    exact = heap.quantity * Fraction(term.rate) / (100 if term.kind in SHARES else 1)
    return Line(
        term_id=term.id,
        kind=term.kind,
        direction=term.direction,
        is_late=heap.is_late,
        station_id=heap.station_id,
        from_on=heap.from_on,
        until_on=heap.until_on,
        quantity=_decimal(heap.quantity),
        unit=UNITS.get(term.kind, ""),
        rate=term.rate,
        amount=Decimal(round_half_up(exact * 10**digits)).scaleb(-digits),
        tax_percent=term.tax_percent,
    )


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(QUANTITY, ROUND_HALF_UP)


def _carried(one: Carried, facts: Facts) -> Line:
    return Line(
        term_id=None,
        kind="carried",
        direction="to_host",
        is_late=True,
        station_id=None,
        from_on=facts.from_on,
        until_on=facts.until_on,
        quantity=Decimal(1),
        unit="",
        rate=one.amount,
        amount=one.amount,
        tax_percent=one.tax_percent,
        carries_id=one.statement_id,
    )


def _sum(lines: Iterable[Line], direction: Direction) -> Decimal:
    return sum((line.amount for line in lines if line.direction == direction), NOTHING)
