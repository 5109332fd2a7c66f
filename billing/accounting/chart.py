"""Which account is used for what: a chart that an operator can change (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from billing.accounting.entries import Dimensions
from billing.invoices.document_parts import LineKind, TaxCategory
from billing.invoices.tax_sums import TaxKind
from billing.problem import MoneyProblem


class Use(StrEnum):
    """What an account is for, where neither revenue nor tax decides."""

    RECEIVABLE = "receivable"
    BANK = "bank"
    CARD_CLEARING = "card_clearing"
    SWISH_CLEARING = "swish_clearing"
    UNIDENTIFIED = "unidentified"
    CUSTOMER_CREDIT = "customer_credit"
    ROUNDING = "rounding"
    PAYMENT_FEES = "payment_fees"
    REMINDER_FEES = "reminder_fees"
    INTEREST = "interest"
    BAD_DEBT = "bad_debt"
    ACCRUED = "accrued"
    ACCRUED_REVENUE = "accrued_revenue"
    HOST_COST = "host_cost"
    HOST_PAYABLE = "host_payable"
    INPUT_TAX = "input_tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueRule:
    """The account of sales that fit everything given; None fits all."""

    account: str
    kind: LineKind | None = None
    category: TaxCategory | None = None
    rate: Decimal | None = None
    country: str | None = None

    @property
    def terms(self) -> tuple[object, ...]:
        """What is asked for, in a fixed order."""
        return (self.kind, self.category, self.rate, self.country)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """The account of output tax of a country and rate; None fits all."""

    account: str
    rate: Decimal | None = None
    country: str | None = None

    @property
    def terms(self) -> tuple[object, ...]:
        """What is asked for, in a fixed order."""
        return (self.rate, self.country)


class _Rule(Protocol):
    @property
    def account(self) -> str: ...

    @property
    def terms(self) -> tuple[object, ...]: ...


_AnyRule = TypeVar("_AnyRule", RevenueRule, TaxRule)


@dataclass(frozen=True)
class Chart:
    """Accounts with their names, and what each is used for.

    Of the rules that fit, the one that asks for most wins, and of those the first. Raises
    MoneyProblem for a chart with a gap: an account without name, a use without account, two rules
    that ask for the same. ``site_dimension``: where sites stand; None: nowhere. ``site_codes``:
    what sites are called there, by public id, where not so.
    """

    names: Mapping[str, str]
    uses: Mapping[Use, str]
    revenue: tuple[RevenueRule, ...]
    taxes: tuple[TaxRule, ...]
    site_dimension: int | None = 1
    site_codes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [use for use in Use if use not in self.uses]
        if missing:
            raise MoneyProblem("chart_use", f"No account is given for {missing[0]}")
        rules: tuple[_Rule, ...] = (*self.revenue, *self.taxes)
        used = {*self.uses.values(), *(rule.account for rule in rules)}
        if used - set(self.names):
            raise MoneyProblem("chart_name", f"Account {min(used - set(self.names))} has no name")
        for group in (self.revenue, self.taxes):
            asked = [rule.terms for rule in group]
            if len(set(asked)) != len(asked):
                raise MoneyProblem("chart_twice", "Two rules ask for the same")

    def account(self, use: Use) -> str:
        """The account of a use."""
        return self.uses[use]

    def revenue_account(self, kind: LineKind, tax: TaxKind) -> str:
        """The account of a sale; refuses one that no rule fits."""
        facts = (kind, tax.category, tax.rate, tax.country)
        return _best(self.revenue, facts, f"{kind}, {tax.category} {tax.rate} %, {tax.country}")

    def tax_account(self, tax: TaxKind) -> str:
        """The account of output tax; refuses a rate that no rule fits."""
        return _best(self.taxes, (tax.rate, tax.country), f"{tax.rate} %, {tax.country}")

    def site(self, public_id: str) -> Dimensions:
        """The dimension of a site, empty where there is none."""
        if not public_id or not self.site_dimension:
            return ()
        return ((self.site_dimension, self.site_codes.get(public_id, public_id)),)


def _best(rules: Sequence[_AnyRule], facts: tuple[object, ...], words: str) -> str:
    fitting = [
        rule
        for rule in rules
        if all(asked in (None, fact) for asked, fact in zip(rule.terms, facts, strict=True))
    ]
    if not fitting:
        raise MoneyProblem("chart_no_account", f"No account is given for {words}")
    best = max(fitting, key=lambda rule: sum(asked is not None for asked in rule.terms))
    return best.account
