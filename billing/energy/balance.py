"""Energy bought against energy delivered, and what was earned against what it cost (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from operator import itemgetter
from typing import Final

from billing.energy.bought import ELECTRICITY, GRID, BoughtPart, bought_kwh
from core.months import first_day

NOTHING: Final = Decimal(0)
POWER: Final = "power"
MOST_APART_PERCENT: Final = Decimal(2)
"""How far supplier and grid company may differ about the same energy."""
DEFAULT_LIMIT_PERCENT: Final = Decimal(15)
"""Above this, what was lost between the meters is hard to believe."""


class Doubt(Enum):
    """What is hard to believe about a month."""

    NEGATIVE = "negative"
    HIGH = "high"
    APART = "apart"


class MonthState(Enum):
    """What is known of a month of a site."""

    NO_INVOICE = "no_invoice"
    DOUBTFUL = "doubtful"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Sessions of a site that ended in a month."""

    site_id: int
    month_on: date
    sessions: int
    energy_kwh: Decimal


@dataclass(frozen=True, slots=True)
class Earned:
    """Their prices without VAT, in one currency."""

    site_id: int
    month_on: date
    currency: str
    net: Decimal


@dataclass(frozen=True, slots=True)
class Billed:
    """What one invoice of a supplier says about a site and month."""

    site_id: int
    month_on: date
    kind: str
    energy_kwh: Decimal | None
    net: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the balance is made of."""

    delivered: Sequence[Delivered] = ()
    earned: Sequence[Earned] = ()
    billed: Sequence[Billed] = ()


@dataclass(slots=True)
class _Month:
    """The facts of one site and month."""

    delivered: list[Delivered] = field(default_factory=list)
    earned: list[Earned] = field(default_factory=list)
    billed: list[Billed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A site and month in one currency, or a sum of such.

    Energy stands in the first currency of a site and month alone (None in others).
    ``bought_kwh`` is None where no invoice says; ``matched_kwh`` is what was delivered in the
    months whose bought energy is known, so that only like is compared with like.
    """

    site_id: int | None
    month_on: date | None
    currency: str
    sessions: int | None
    delivered_kwh: Decimal | None
    bought_kwh: Decimal | None
    matched_kwh: Decimal
    revenue: Decimal
    electricity: Decimal
    grid: Decimal
    power: Decimal
    doubts: tuple[Doubt, ...] = field(default=())
    state: MonthState = MonthState.SOUND

    @property
    def lacks_invoice(self) -> bool:
        """Whether no invoice says how much energy was bought; once for a site and month."""
        return self.state is MonthState.NO_INVOICE and self.delivered_kwh is not None

    @property
    def loss_kwh(self) -> Decimal | None:
        """Bought and not delivered."""
        return None if self.bought_kwh is None else self.bought_kwh - self.matched_kwh

    @property
    def loss_percent(self) -> Decimal | None:
        """Of what was bought; None where nothing was."""
        loss = self.loss_kwh
        if loss is None or not self.bought_kwh or self.bought_kwh < 0:
            return None
        return (loss / self.bought_kwh * 100).quantize(Decimal("0.1"))

    @property
    def cost(self) -> Decimal:
        """Electricity, grid and power fee."""
        return self.electricity + self.grid + self.power

    @property
    def margin(self) -> Decimal:
        """What is left of the revenue."""
        return self.revenue - self.cost

    @property
    def margin_per_kwh(self) -> Decimal | None:
        """Of each kWh delivered; None where none was."""
        if not self.delivered_kwh:
            return None
        return (self.margin / self.delivered_kwh).quantize(Decimal("0.0001"))


def balance(
    facts: Facts, *, today: date, home_currency: str, limit_percent: Decimal
) -> list[BalanceRow]:
    """A row for each site, month and currency of which anything is known, by site and month; the
    home currency first. A month without an invoice of energy is not doubted: it waits for one."""
    rows: list[BalanceRow] = []
    for key, found in sorted(_by_key(facts).items(), key=itemgetter(0)):
        currencies = {one.currency for one in found.earned}
        currencies |= {one.currency for one in found.billed}
        order = sorted(currencies or {home_currency}, key=lambda one: (one != home_currency, one))
        for place, currency in enumerate(order):
            rows.append(_row(key, currency, found, place == 0, today, limit_percent))
    return rows


def _by_key(facts: Facts) -> dict[tuple[int, date], _Month]:
    found: dict[tuple[int, date], _Month] = defaultdict(_Month)
    for delivered in facts.delivered:
        found[delivered.site_id, delivered.month_on].delivered.append(delivered)
    for earned in facts.earned:
        found[earned.site_id, earned.month_on].earned.append(earned)
    for billed in facts.billed:
        found[billed.site_id, billed.month_on].billed.append(billed)
    return found


def _row(
    key: tuple[int, date],
    currency: str,
    facts: _Month,
    is_first: bool,
    today: date,
    limit_percent: Decimal,
) -> BalanceRow:
    site_id, month_on = key
    billed = [one for one in facts.billed if one.currency == currency]
    costs = {
        kind: sum((one.net for one in billed if one.kind == kind), NOTHING)
        for kind in (ELECTRICITY, GRID, POWER)
    }
    revenue = sum((one.net for one in facts.earned if one.currency == currency), NOTHING)
    delivered = sum((one.energy_kwh for one in facts.delivered), NOTHING)
    bought = _bought(facts.billed)
    is_over = month_on < first_day(today)
    doubts = _doubts(bought, delivered, facts.billed, is_over, limit_percent)
    return BalanceRow(
        site_id,
        month_on,
        currency,
        sum(one.sessions for one in facts.delivered) if is_first else None,
        delivered if is_first else None,
        bought if is_first else None,
        delivered if is_first and bought is not None else NOTHING,
        revenue,
        costs[ELECTRICITY],
        costs[GRID],
        costs[POWER],
        doubts if is_first else (),
        _state(bought, delivered, doubts),
    )


def _state(bought: Decimal | None, delivered: Decimal, doubts: Collection[Doubt]) -> MonthState:
    if bought is None and delivered > 0:
        return MonthState.NO_INVOICE
    return MonthState.DOUBTFUL if doubts else MonthState.SOUND


def _bought(billed: Iterable[Billed]) -> Decimal | None:
    """None where no invoice names any energy."""
    parts = [BoughtPart(one.month_on, one.kind, one.energy_kwh) for one in billed]
    return bought_kwh(parts) if any(one.energy_kwh is not None for one in parts) else None


def _doubts(
    bought: Decimal | None,
    delivered: Decimal,
    billed: Collection[Billed],
    is_over: bool,
    limit_percent: Decimal,
) -> tuple[Doubt, ...]:
    if bought is None:
        return ()
    found = []
    if bought < delivered:
        found.append(Doubt.NEGATIVE)
    elif is_over and bought > 0 and (bought - delivered) / bought * 100 > limit_percent:
        found.append(Doubt.HIGH)
    by_kind = {
        kind: sum((b.energy_kwh for b in billed if b.kind == kind and b.energy_kwh), NOTHING)
        for kind in (ELECTRICITY, GRID)
    }
    most = max(by_kind.values())
    if min(by_kind.values()) > 0 and (
        (most - min(by_kind.values())) / most * 100 > MOST_APART_PERCENT
    ):
        found.append(Doubt.APART)
    return tuple(found)


def summed(rows: Iterable[BalanceRow], *, by_month: bool = False) -> list[BalanceRow]:
    """Sums by currency, or by month and currency, in that order."""
    groups: dict[tuple[date | None, str], list[BalanceRow]] = {}
    for row in rows:
        groups.setdefault((row.month_on if by_month else None, row.currency), []).append(row)
    order = sorted(groups, key=lambda key: (key[0] or date.min, key[1]))
    return [_sum(month, currency, groups[month, currency]) for month, currency in order]


def _sum(month: date | None, currency: str, rows: list[BalanceRow]) -> BalanceRow:
    counted = [one for one in rows if one.delivered_kwh is not None]
    known = [one.bought_kwh for one in rows if one.bought_kwh is not None]
    return BalanceRow(
        None,
        month,
        currency,
        sum(one.sessions or 0 for one in counted) if counted else None,
        sum((one.delivered_kwh or NOTHING for one in counted), NOTHING) if counted else None,
        sum(known, NOTHING) if known else None,
        sum((one.matched_kwh for one in rows), NOTHING),
        sum((one.revenue for one in rows), NOTHING),
        sum((one.electricity for one in rows), NOTHING),
        sum((one.grid for one in rows), NOTHING),
        sum((one.power for one in rows), NOTHING),
    )
