"""Which VAT a sale bears: by the seller, the buyer and the place of supply (pure).

Charging is a sale of electricity, taxed where the charge point stands (C-60/23); fees are
services, taxed where a business buyer is. A business of the other country accounts for the VAT
itself (reverse charge).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from billing.invoices.tax_sums import TaxKind

Reason = Literal[
    "", "not_registered", "reverse_charge", "no_tax", "opening_balance", "outside_the_eu"
]
EU: Final = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE"}
    | {"IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)


@dataclass(frozen=True, slots=True)
class Sides:
    """Seller and buyer. ``buyer_vat_country`` is that of a VAT number that holds, or empty."""

    seller_country: str
    seller_is_registered: bool
    buyer_country: str
    buyer_is_company: bool
    buyer_vat_country: str


@dataclass(frozen=True, slots=True)
class TaxStatus:
    """The kind of tax, and why there is none."""

    kind: TaxKind
    reason: Reason = ""


def of_charging(sides: Sides, rate: Decimal | None, country: str) -> TaxStatus:
    """Electricity at a charge point in ``country``; ``rate`` is the tariff's."""
    if not sides.seller_is_registered:
        return _untaxed("E", sides.seller_country, "not_registered")
    if country != sides.seller_country and sides.buyer_vat_country == country:
        return _untaxed("AE", country, "reverse_charge")
    return _taxed(rate, country)


def of_service(sides: Sides, rate: Decimal | None) -> TaxStatus:
    """A fee or another service."""
    if not sides.seller_is_registered:
        return _untaxed("E", sides.seller_country, "not_registered")
    if sides.buyer_vat_country and sides.buyer_vat_country != sides.seller_country:
        return _untaxed("AE", sides.buyer_vat_country, "reverse_charge")
    if sides.buyer_is_company and sides.buyer_country not in EU:
        return _untaxed("E", sides.buyer_country, "outside_the_eu")
    return _taxed(rate, sides.seller_country)


def of_opening_balance(sides: Sides) -> TaxStatus:
    """What was owed before: taxed on the invoices of then, if at all."""
    return _untaxed("E", sides.seller_country, "opening_balance")


def _taxed(rate: Decimal | None, country: str) -> TaxStatus:
    if rate is None:
        return _untaxed("E", country, "no_tax")
    rate = rate.normalize() + Decimal(0)
    return TaxStatus(TaxKind("S" if rate else "Z", rate, country))


def _untaxed(category: Literal["E", "AE"], country: str, reason: Reason) -> TaxStatus:
    return TaxStatus(TaxKind(category, Decimal(0), country), reason)
