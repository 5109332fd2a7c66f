"""What Peppol and Sweden ask of an e-invoice beyond a document that adds up (pure).

Codes are those of the rules: Peppol BIS Billing 3.0, its Swedish rules (SE-R), EN 16931 (BR).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stdnum import ean, iban, luhn
from stdnum.exceptions import ValidationError

from billing.invoices.document import Document
from billing.invoices.document_parts import Party

SWEDISH_RATES: Final = frozenset({Decimal(25), Decimal(12), Decimal(6)})
_ADDRESS: Final = re.compile(r"(\d{4}):([0-9A-Za-z.:_-]{2,50})")
_NUMBERED: Final = frozenset({"S", "Z", "E", "AE", "K", "G"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the document breaks: its code, a sentence, and the place in the document."""

    code: str
    message: str
    at: str


def digits(text: str) -> str:
    """A written number without its hyphens and blanks."""
    return re.sub(r"[\s-]", "", text)


def check_peppol(document: Document) -> tuple[Finding, ...]:
    """Everything that a receiver's access point would refuse, in the order of the document."""
    return (
        *_references(document),
        *_address(document.seller, "seller", "PEPPOL-EN16931-R020"),
        *_address(document.buyer, "buyer", "PEPPOL-EN16931-R010"),
        *_parties(document),
        *_swedish_seller(document),
        *_rates(document),
        *_payment(document),
    )


def _references(document: Document) -> Iterator[Finding]:
    if not document.buyer_reference.strip() and not document.order_number.strip():
        yield Finding(
            "PEPPOL-EN16931-R003",
            "A buyer reference or an order number must be given",
            "buyer_reference",
        )
    has_terms = document.due_on is not None or document.payment_terms_days is not None
    if document.totals.payable > 0 and not document.is_credit_note and not has_terms:
        yield Finding("BR-CO-25", "A due date or payment terms must be given", "due_on")


def _address(party: Party, who: str, code: str) -> Iterator[Finding]:
    at = f"{who}.peppol_address"
    found = _ADDRESS.fullmatch(party.peppol_address)
    if found is None:
        yield Finding(code, f"The {who} needs an electronic address, as 0007:5567037485", at)
        return
    scheme, identifier = found.groups()
    if scheme == "0007" and not _is_org_number(identifier):
        yield Finding("PEPPOL-COMMON-R049", "No Swedish organisation number", at)
    if scheme == "0088" and not ean.is_valid(identifier):
        yield Finding("PEPPOL-COMMON-R040", "A GLN has a wrong check digit", at)


def _is_org_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]{10}", text) is not None and luhn.is_valid(text)


def _parties(document: Document) -> Iterator[Finding]:
    seller, buyer = document.seller, document.buyer
    categories = {tax.category for tax in document.taxes}
    if not seller.vat_number and not seller.organisation_number:
        yield Finding(
            "BR-CO-26", "The seller needs an organisation or VAT number", "seller.vat_number"
        )
    if categories & _NUMBERED and not seller.vat_number:
        yield Finding("BR-S-02", "The seller needs a VAT number", "seller.vat_number")
    if categories & {"AE", "K"} and not (
        buyer.vat_number or ("AE" in categories and buyer.organisation_number)
    ):
        code = "BR-IC-02" if "K" in categories else "BR-AE-02"
        yield Finding(code, "The buyer needs a VAT number", "buyer.vat_number")
    if "O" in categories and len(document.taxes) > 1:
        yield Finding("BR-O-11", "Outside the scope of VAT goes with nothing else", "taxes")
    if "K" in categories and not (document.supply_from or document.supply_to):
        yield Finding("BR-IC-11", "The time of delivery must be given", "supply_to")
    for who, party in (("seller", seller), ("buyer", buyer)):
        if party.vat_number and not re.match(r"[A-Z]{2}", party.vat_number):
            yield Finding("BR-CO-09", "A VAT number begins with its country", f"{who}.vat_number")


def _swedish_seller(document: Document) -> Iterator[Finding]:
    seller = document.seller
    if seller.country_code != "SE":
        return
    vat = seller.vat_number
    if vat.startswith("SE") and len(vat) != 14:
        yield Finding("SE-R-001", "A Swedish VAT number has 14 signs", "seller.vat_number")
    if vat.startswith("SE") and not re.fullmatch(r"[0-9]*", vat[2:]):
        yield Finding("SE-R-002", "A Swedish VAT number has digits after SE", "seller.vat_number")
    number = digits(seller.organisation_number)
    at = "seller.organisation_number"
    if number and not re.fullmatch(r"[0-9]+", number):
        yield Finding("SE-R-003", "A Swedish organisation number is made of digits", at)
    elif number and len(number) != 10:
        yield Finding("SE-R-004", "A Swedish organisation number has 10 digits", at)
    elif number and not luhn.is_valid(number):
        yield Finding("SE-R-013", "The organisation number has a wrong check digit", at)


def _rates(document: Document) -> Iterator[Finding]:
    if not document.seller.vat_number.startswith("SE"):
        return
    for place, tax in enumerate(document.taxes):
        if tax.category == "S" and tax.rate not in SWEDISH_RATES:
            yield Finding("SE-R-006", "Swedish VAT is 25, 12 or 6 %", f"taxes[{place}].rate")


def _payment(document: Document) -> Iterator[Finding]:
    payment = document.payment
    bankgiro, plusgiro = digits(payment.bankgiro), digits(payment.plusgiro)
    if bankgiro and not re.fullmatch(r"[0-9]*", bankgiro):
        yield Finding("SE-R-009", "A bankgiro number is made of digits", "payment.bankgiro")
    elif bankgiro and len(bankgiro) not in {7, 8}:
        yield Finding("SE-R-008", "A bankgiro number has 7 or 8 digits", "payment.bankgiro")
    if plusgiro and not re.fullmatch(r"[0-9]{2,8}", plusgiro):
        yield Finding("SE-R-010", "A plusgiro number has 2 to 8 digits", "payment.plusgiro")
    if payment.iban:
        try:
            iban.validate(payment.iban)
        except ValidationError:
            yield Finding("iban", "The IBAN has a wrong check digit", "payment.iban")
