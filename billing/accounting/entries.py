"""Double entry: an entry is balanced or it does not exist (pure).

Debit is above zero, credit below. Each currency of an entry sums to zero by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from billing.invoices.tax_sums import TaxKind
from billing.problem import MoneyProblem
from core.money import MINOR_DIGITS

_ACCOUNT: Final = re.compile(r"[1-9][0-9]{3,5}", re.ASCII)
_OBJECT: Final = re.compile(r"[^\x00-\x1f\x7f\"{}]{1,40}")


class EntryKind(StrEnum):
    """What happened."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"
    CREDIT_USED = "credit_used"
    FEE = "fee"
    REMINDER_FEE = "reminder_fee"
    INTEREST = "interest"
    ROUNDING = "rounding"
    WRITE_OFF = "write_off"
    SETTLEMENT = "settlement"
    PAYOUT = "payout"
    ACCRUAL = "accrual"
    REVERSAL = "reversal"


class TaxPart(StrEnum):
    """What an amount is to a tax: sold net, the tax on it, or tax on what was bought."""

    BASE = "base"
    OUTPUT = "output"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class TaxMark:
    """Why an amount stands in the report of VAT."""

    part: TaxPart
    kind: TaxKind


Dimensions = tuple[tuple[int, str], ...]
"""Numbers of dimensions with their object, as SIE counts them (1 cost centre, 6 project)."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on an account."""

    account: str
    amount: Decimal
    currency: str
    text: str = ""
    dimensions: Dimensions = ()
    tax: TaxMark | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal. Raises MoneyProblem on construction when it cannot be right."""

    kind: EntryKind
    on: date
    document: str
    postings: tuple[Posting, ...]
    text: str = ""

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise MoneyProblem("entry_too_short", "An entry has at least two postings")
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for place, posting in enumerate(self.postings):
            _check(posting, f"postings[{place}]")
            sums[posting.currency] += posting.amount
        for currency, total in sums.items():
            if total:
                raise MoneyProblem("entry_unbalanced", f"The entry is off by {total} {currency}")


def entry(
    kind: EntryKind, on: date, document: str, postings: Iterable[Posting], text: str = ""
) -> Entry:
    """An entry without empty postings; those that differ in the amount alone become one."""
    sums: dict[Posting, Decimal] = defaultdict(Decimal)
    for posting in postings:
        sums[replace(posting, amount=Decimal(0))] += posting.amount
    kept = tuple(replace(one, amount=amount) for one, amount in sums.items() if amount)
    return Entry(kind, on, document, kept, text)


def mirrored(original: Entry, *, on: date, kind: EntryKind, document: str = "") -> Entry:
    """What takes ``original`` back on ``on``."""
    postings = tuple(replace(one, amount=-one.amount) for one in original.postings)
    return Entry(kind, on, document or original.document, postings, original.text)


def balances(
    entries: Iterable[Entry], *, until: date | None = None
) -> Mapping[tuple[str, str], Decimal]:
    """The balance of every account and currency, up to and including ``until``."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in entries:
        if until is None or one.on <= until:
            for posting in one.postings:
                sums[posting.account, posting.currency] += posting.amount
    return dict(sums)


def _check(posting: Posting, at: str) -> None:
    if not _ACCOUNT.fullmatch(posting.account):
        raise MoneyProblem("entry_account", f"{posting.account!r} is no account", at)
    digits = MINOR_DIGITS.get(posting.currency)
    if digits is None:
        raise MoneyProblem("unknown_currency", f"{posting.currency} is no currency", at)
    amount = posting.amount
    if not amount.is_finite() or amount == 0 or amount != round(amount, digits):
        raise MoneyProblem("entry_amount", f"{amount} is no amount of {posting.currency}", at)
    numbers = [number for number, _name in posting.dimensions]
    if len(set(numbers)) != len(numbers) or any(number < 1 for number in numbers):
        raise MoneyProblem("entry_dimension", "A dimension stands once and from number 1", at)
    if not all(_OBJECT.fullmatch(name) for _number, name in posting.dimensions):
        raise MoneyProblem("entry_object", "An object has 1 to 40 plain signs", at)
