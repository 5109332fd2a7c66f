"""What an invoice is made of: parties, lines, taxes, totals, ways to pay (pure, frozen)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

Unit = Literal["kWh", "min", "h", "day", "month", "each"]
LineKind = Literal["energy", "time", "idle", "session_fee", "fee", "network", "discount", "other"]
TaxCategory = Literal["S", "Z", "E", "AE", "K", "G", "O"]
"""UNCL5305: standard, zero, exempt, reverse charge, within the EU, export, outside the scope."""

TAXED: Final[frozenset[str]] = frozenset({"S"})
REASONED: Final[frozenset[str]] = frozenset({"E", "AE", "K", "G", "O"})


class DocumentError(ValueError):
    """A document that cannot be right: ``code`` is stable, ``at`` is a path like lines[0].net."""

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(f"{at}: {message}" if at else message)
        self.code, self.message, self.at = code, message, at


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A seller or a buyer as it was on the day of issue.

    ``registered_office`` is the seat of a company (säte); ``has_f_tax`` that it is approved for
    F-tax; ``customer_number`` is the number by which the seller knows the buyer.
    """

    name: str
    address: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country_code: str
    organisation_number: str = ""
    vat_number: str = ""
    peppol_address: str = ""
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    registered_office: str = ""
    has_f_tax: bool = False
    customer_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. ``unit_price`` is without tax and not negative; a deduction has quantity < 0.

    ``details`` is the small print under the description; ``is_specified`` that the rows of the
    specification add up to this line (with the other such lines).
    """

    id: str
    description: str
    details: str = ""
    kind: LineKind = "other"
    quantity: Decimal
    unit: Unit
    unit_price: Decimal
    net: Decimal
    tax_rate: Decimal
    tax_category: TaxCategory = "S"
    period_from: date | None = None
    period_to: date | None = None
    cost_centre: str = ""
    registration_number: str = ""
    is_specified: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading: a driver, cost centre, vehicle or site. An empty title has none."""

    title: str
    lines: tuple[Line, ...]

    @property
    def net(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.net for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationRow:
    """One session (or other event) behind the lines; times carry the zone of the site."""

    started_at: datetime
    ended_at: datetime | None = None
    place: str
    person: str = ""
    registration_number: str = ""
    reference: str = ""
    energy_kwh: Decimal | None = None
    net: Decimal


@dataclass(frozen=True, slots=True)
class SpecificationGroup:
    """Rows of a specification under one heading."""

    title: str
    rows: tuple[SpecificationRow, ...]

    @property
    def net(self) -> Decimal:
        """The sum of the rows."""
        return sum((row.net for row in self.rows), Decimal(0))

    @property
    def energy_kwh(self) -> Decimal:
        """The energy of the rows that have any."""
        return sum((row.energy_kwh or Decimal(0) for row in self.rows), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal:
    """The tax of one category and rate, reckoned on the sum. ``reason``: why there is none."""

    category: TaxCategory
    rate: Decimal
    net: Decimal
    tax: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """``payable`` = ``gross`` + ``rounding`` - ``paid``; ``gross`` = ``net`` + ``tax``."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    rounding: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    payable: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How to pay: numbers in their written form, and the reference to give."""

    ocr: str = ""
    bankgiro: str = ""
    plusgiro: str = ""
    iban: str = ""
    bic: str = ""
    swish: str = ""
    is_direct: bool = False
    """Drawn from a card or mandate: nothing is to be paid by hand."""


@dataclass(frozen=True, slots=True)
class Original:
    """The invoice that a credit note corrects."""

    number: str
    issued_on: date
