"""What matching looks at and what it proposes (pure, frozen)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Outcome = Literal[
    "full",  # everything it names is paid
    "partial",  # an invoice stays partly open
    "over",  # more than was open; the rest is the customer's credit
    "duplicate",  # what it names was paid before
    "known",  # this very transaction was booked before
    "reversed",  # an earlier payment is taken back
    "several",  # names several invoices and is not their sum: a person divides it
    "unknown",  # nobody's yet
    "nothing",  # a sum of zero, or money out
]
Certainty = Literal["certain", "likely", "possible", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An issued invoice with what is open of it; zero when it is paid."""

    id: str
    account_id: str
    number: str
    ocr: str = ""
    currency: str
    issued_on: date
    due_on: date
    open_amount: Decimal
    is_disputed: bool = False
    payer_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedReference:
    """An OCR that belongs to a customer and not to an invoice."""

    ocr: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A payment that is booked; a reversal looks for the one it takes back."""

    key: str
    account: str
    amount: Decimal
    currency: str
    booked_on: date
    references: tuple[str, ...] = ()
    payer_name: str = ""
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything known when a file is matched."""

    items: tuple[OpenItem, ...] = ()
    fixed: tuple[FixedReference, ...] = ()
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of a payment that settles an invoice, or a part of it."""

    item_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a stable code with what it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What to do with one transaction. ``rest`` is what no invoice takes.

    Certain ones without ``needs_person`` may be booked at once; the others are a work list.
    """

    key: str
    outcome: Outcome
    certainty: Certainty
    account_id: str = ""
    allocations: tuple[Allocation, ...] = ()
    rest: Decimal = Decimal(0)
    takes_back: str = ""
    reasons: tuple[Reason, ...] = ()
    needs_person: bool = True
