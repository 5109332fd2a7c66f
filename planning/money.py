"""Whether a site pays: yearly flows of money, payback, net present value, rate of return (pure).

Amounts are Decimal in one currency, without VAT. Flows come at the end of each year; what is
built is paid at the beginning of the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Final

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
MOST_YEARS: Final = 40
PRECISION: Final = 40
RATE_STEP: Final = Decimal("1e-9")
"""How exactly a rate of return is found."""
HIGHEST_RATE: Final = Decimal(10)


class MoneyError(ValueError):
    """Figures that no business case can have; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Case:
    """What a site costs and earns. ``kwh`` is what drivers want in the first year; ``ramp`` what
    share of it comes in the first years, the last share for all that follow; ``most_kwh`` what
    the site can give in a year (None: any). ``taken_kwh`` is sold less at own sites nearby, each
    at ``lost_margin``."""

    kwh: Decimal
    tariff: Decimal
    energy_price: Decimal
    capex: Decimal
    grid_connection: Decimal = ZERO
    grant: Decimal = ZERO
    grid_kw: Decimal = ZERO
    grid_fee_per_kw_year: Decimal = ZERO
    opex_per_year: Decimal = ZERO
    fee_share: Decimal = ZERO
    growth: Decimal = ZERO
    growth_factors: tuple[Decimal, ...] = ()
    ramp: tuple[Decimal, ...] = (ONE,)
    most_kwh: Decimal | None = None
    taken_kwh: Decimal = ZERO
    lost_margin: Decimal = ZERO
    years: int = 10
    rate: Decimal = Decimal("0.08")
    price_rise: Decimal = ZERO
    rest_value: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Year:
    """One year's energy and money; ``lost`` is the margin that own sites nearby lose."""

    number: int
    kwh: Decimal
    sales: Decimal
    energy: Decimal
    grid_fee: Decimal
    opex: Decimal
    fees: Decimal
    lost: Decimal
    flow: Decimal


@dataclass(frozen=True, slots=True)
class Business:
    """The answer: ``payback_years`` None when the money never comes back within the years;
    ``irr`` None when no rate makes the flows worth nothing."""

    invested: Decimal
    years: tuple[Year, ...]
    npv: Decimal
    irr: Decimal | None
    payback_years: Decimal | None


def business(case: Case) -> Business:
    """The flows of a case and what they say. MoneyError for figures that cannot be."""
    _check(case)
    years = tuple(_year(case, number) for number in range(1, case.years + 1))
    invested = case.capex + case.grid_connection - case.grant
    flows = [-invested, *(one.flow for one in years)]
    flows[-1] += case.rest_value
    return Business(invested, years, npv(flows, case.rate), irr(flows), payback(flows))


def npv(flows: list[Decimal], rate: Decimal) -> Decimal:
    """What flows are worth today; the first comes now, each other a year later."""
    with localcontext() as context:
        context.prec = PRECISION
        return sum((flow / (ONE + rate) ** year for year, flow in enumerate(flows)), ZERO)


def irr(flows: list[Decimal]) -> Decimal | None:
    """The rate at which flows are worth nothing, to nine decimals; the lowest above -99 %.

    None when they never are: all flows of one sign, or a rate above 1 000 %.
    """
    if not any(flow > 0 for flow in flows) or not any(flow < 0 for flow in flows):
        return None
    low = Decimal("-0.99")
    before = npv(flows, low)
    for step in (*_fine(), HIGHEST_RATE):
        after = npv(flows, step)
        if before == 0:
            return low
        if (before > 0) != (after > 0):
            return _between(flows, low, step)
        low, before = step, after
    return None


def _fine() -> list[Decimal]:
    return [Decimal(hundredth) / 100 for hundredth in range(-98, 100, 2)]


def _between(flows: list[Decimal], low: Decimal, high: Decimal) -> Decimal:
    rising = npv(flows, low) < 0
    while high - low > RATE_STEP / 10:
        middle = (low + high) / 2
        if (npv(flows, middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return ((low + high) / 2).quantize(RATE_STEP)


def payback(flows: list[Decimal]) -> Decimal | None:
    """Years until the sum of flows is no longer negative; within a year money comes evenly."""
    total = flows[0]
    if total >= 0:
        return ZERO
    for year, flow in enumerate(flows[1:], start=1):
        if total + flow >= 0:
            return year - 1 + -total / flow
        total += flow
    return None


def _grown(case: Case, number: int) -> Decimal:
    """Demand of a year against the first: by the factors as far as they go, then by the growth a
    year."""
    last = len(case.growth_factors)
    if not last:
        return (ONE + case.growth) ** (number - 1)
    return case.growth_factors[min(number, last) - 1] * (ONE + case.growth) ** max(0, number - last)


def _year(case: Case, number: int) -> Year:
    rise = (ONE + case.price_rise) ** (number - 1)
    wanted = case.kwh * _grown(case, number)
    share = case.ramp[min(number, len(case.ramp)) - 1]
    kwh = wanted * share
    if case.most_kwh is not None:
        kwh = min(kwh, case.most_kwh)
    sales = kwh * case.tariff * rise
    energy = kwh * case.energy_price * rise
    grid_fee = case.grid_kw * case.grid_fee_per_kw_year * rise
    opex = case.opex_per_year * rise
    fees = sales * case.fee_share
    lost = min(case.taken_kwh * share, kwh) * case.lost_margin * rise
    flow = sales - energy - grid_fee - opex - fees - lost
    return Year(number, kwh, sales, energy, grid_fee, opex, fees, lost, flow)


@dataclass(frozen=True, slots=True)
class Swing:
    """How a case differs from the middle one: factors of demand, tariff, energy price, capex."""

    demand: Decimal = ONE
    tariff: Decimal = ONE
    energy_price: Decimal = ONE
    capex: Decimal = ONE


LOW: Final = Swing(Decimal("0.7"), Decimal("0.95"), Decimal("1.15"), Decimal("1.15"))
MIDDLE: Final = Swing()
HIGH: Final = Swing(Decimal("1.3"), Decimal("1.05"), Decimal("0.9"), Decimal("0.95"))
SWINGS: Final = {"low": LOW, "middle": MIDDLE, "high": HIGH}


def swung(case: Case, swing: Swing) -> Case:
    """The case with its factors."""
    return replace(
        case,
        kwh=case.kwh * swing.demand,
        tariff=case.tariff * swing.tariff,
        energy_price=case.energy_price * swing.energy_price,
        capex=case.capex * swing.capex,
        grid_connection=case.grid_connection * swing.capex,
    )


def cases(case: Case) -> dict[str, Business]:
    """The low, the middle and the high case."""
    return {name: business(swung(case, swing)) for name, swing in SWINGS.items()}


def _check(case: Case) -> None:
    if not 1 <= case.years <= MOST_YEARS:
        raise MoneyError("years")
    if case.rate <= -1:
        raise MoneyError("rate")
    for name in ("kwh", "tariff", "capex", "grid_connection", "grant", "grid_kw", "taken_kwh"):
        if not getattr(case, name).is_finite() or getattr(case, name) < 0:
            raise MoneyError(name)
    if not case.ramp or any(not ZERO <= share <= ONE for share in case.ramp):
        raise MoneyError("ramp")
    if not ZERO <= case.fee_share <= ONE:
        raise MoneyError("fee_share")
