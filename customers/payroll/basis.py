"""The basis of wages from the sessions of a month (pure): the basis, never the tax."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal

Where = Literal["workplace", "home", "public"]
HeldBack = Literal["unpriced", "undecided"]
"""Why an amount is not known: a price of the month is missing, or nobody decided on home."""
NOTHING: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_KWH: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the company pays from a day on. ``vehicle_use`` "": for all. ``per_kwh`` with VAT;
    None where it is not known. ``model``: fixed, spot, actual, nothing."""

    place: Where
    vehicle_use: str
    model: str
    per_kwh: Decimal | None
    currency: str
    pay_code: str
    valid_from_on: date


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a session at home."""

    is_approved: bool
    amount: Decimal
    currency: str
    pay_code: str


@dataclass(frozen=True, slots=True)
class Charged:
    """A session of an employee, as it was then. ``gross``: what it cost, with VAT."""

    driver: str
    employee_number: str
    name: str
    registration_number: str
    vehicle_use: str
    cost_centre: str
    place: Where
    day: date
    energy_wh: Decimal
    gross: Decimal
    currency: str
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the basis: an employee with a vehicle, a pay code and one currency. Where a session
    in public cost another currency than the company pays in, its cost is in a line of its own, and
    so are sessions whose amount is not known yet: ``held_back`` says why, ``reimbursement`` is
    None, and so is ``home_gross``."""

    employee_number: str
    name: str
    registration_number: str
    vehicle_use: str
    period: str
    kwh_workplace: Decimal
    kwh_home: Decimal
    kwh_public: Decimal
    home_gross: Decimal | None
    public_gross: Decimal
    reimbursement: Decimal | None
    pay_code: str
    cost_centre: str
    count: int
    currency: str
    held_back: HeldBack | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """What is paid for one session; ``amount`` None: not known, or not decided yet."""

    amount: Decimal | None
    currency: str
    pay_code: str
    per_kwh: Decimal | None = None


def rule_for(rules: Iterable[Rule], one: Charged) -> Rule | None:
    """The rule that holds: one for the kind of vehicle before one for all, the newest of them."""
    found = [
        rule
        for rule in rules
        if rule.place == one.place
        and rule.vehicle_use in ("", one.vehicle_use)
        and rule.valid_from_on <= one.day
    ]
    return max(found, key=lambda rule: (rule.vehicle_use != "", rule.valid_from_on), default=None)


def worth(rule: Rule | None, one: Charged) -> Paid:
    """What a rule pays for a session, to the hundredth, halves up."""
    if rule is None or rule.model == "nothing":
        code = rule.pay_code if rule is not None else ""
        return Paid(NOTHING, one.currency, code, NOTHING)
    if rule.model == "actual":
        return Paid(_cents(one.gross), one.currency, rule.pay_code)
    if rule.per_kwh is None:
        return Paid(None, rule.currency, rule.pay_code)
    amount = _cents(one.energy_wh * rule.per_kwh / 1000)
    return Paid(amount, rule.currency, rule.pay_code, rule.per_kwh)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def paid_for(rules: Sequence[Rule], one: Charged) -> Paid:
    """What is paid for a session: at home, only what was approved."""
    if one.place == "home":
        if one.decided is None:
            found = worth(rule_for(rules, one), one)
            return Paid(None, found.currency, found.pay_code, found.per_kwh)
        amount = one.decided.amount if one.decided.is_approved else NOTHING
        return Paid(amount, one.decided.currency, one.decided.pay_code)
    return worth(rule_for(rules, one), one)


def held_back(rules: Sequence[Rule], one: Charged) -> HeldBack | Literal[""]:
    """Why the amount of a session is not known; "" where it is. A missing price comes first: while
    it lasts, a session at home cannot be decided on either."""
    if one.decided is not None:
        return ""
    if worth(rule_for(rules, one), one).amount is None:
        return "unpriced"
    return "undecided" if one.place == "home" else ""


def rows_of(charged: Iterable[Charged], rules: Sequence[Rule], period: str) -> list[Row]:
    """A line for each employee, vehicle, cost centre, pay code and currency, by name; sessions
    whose amount is not known in lines of their own."""
    groups: dict[tuple[str, ...], list[tuple[Charged, Paid]]] = {}
    for one in charged:
        paid = paid_for(rules, one)
        key = (
            one.driver, one.employee_number, one.name, one.registration_number, one.vehicle_use,
            one.cost_centre, paid.pay_code, held_back(rules, one),
        )  # fmt: skip
        cost = {one.currency} if one.place == "public" and one.gross else set[str]()
        for currency in {paid.currency} | cost:
            groups.setdefault((*key, currency), []).append((one, paid))
    found = [_row(key, pairs, period) for key, pairs in groups.items()]
    return sorted(
        found,
        key=lambda row: (
            row.name, row.registration_number, row.pay_code, row.currency, row.held_back,
        ),
    )  # fmt: skip


def _row(key: tuple[str, ...], pairs: list[tuple[Charged, Paid]], period: str) -> Row:
    _driver, number, name, plate, use, centre, pay_code, told, currency = key
    why: Any = told
    own = [(one, paid.amount or NOTHING) for one, paid in pairs if paid.currency == currency]

    is_held = bool(why and own)

    def kwh(place: Where) -> Decimal:
        total = sum((one.energy_wh for one, _ in own if one.place == place), NOTHING)
        return (total / 1000).quantize(_KWH, ROUND_HALF_UP)

    home = [amount for one, amount in own if one.place == "home"]
    public = [
        _cents(one.gross) for one, _ in pairs if one.place == "public" and one.currency == currency
    ]
    return Row(
        number, name, plate, use, period, kwh("workplace"), kwh("home"), kwh("public"),
        None if is_held and home else _total(home), _total(public),
        None if is_held else _total(amount for _, amount in own), pay_code, centre, len(own),
        currency, why if is_held else "",
    )  # fmt: skip


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))
