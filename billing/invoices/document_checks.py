"""What must hold in every document before anybody sees it (pure)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from billing.invoices.document_parts import (
    REASONED,
    TAXED,
    DocumentError,
    Line,
    Party,
)
from billing.invoices.ocr import is_ocr
from core.money import is_currency, smallest_unit

if TYPE_CHECKING:
    from billing.invoices.document import Document

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
# Öresavrundning and its like move a sum by less than one whole unit (SFS 1970:1029 § 2).
_MOST_ROUNDING: Final = Decimal("0.50")


def check_document(document: Document) -> None:
    """Raise DocumentError for the first thing that cannot be right."""
    _head(document)
    _party(document.seller, "seller")
    _party(document.buyer, "buyer")
    _lines(document)
    _taxes(document)
    _totals(document)
    _payment(document)
    _specification(document)


def _need(holds: bool, code: str, message: str, at: str) -> None:
    if not holds:
        raise DocumentError(code, message, at)


def plain_text(text: str, at: str) -> None:
    """Refuse signs that neither XML nor paper can carry."""
    _need(_CONTROL.search(text) is None, "control_character", "holds a control character", at)


def _head(document: Document) -> None:
    _need(bool(document.number.strip()), "missing", "a document has a number", "number")
    for name in ("number", "reason", "buyer_reference", "order_number", "contract_number"):
        plain_text(getattr(document, name), name)
    for place, note in enumerate(document.notes):
        plain_text(note, f"notes[{place}]")
    _need(is_currency(document.currency), "currency", "is no known currency", "currency")
    due = document.due_on
    _need(due is None or due >= document.issued_on, "due_before_issue", "is before issue", "due_on")
    start, end = document.supply_from, document.supply_to
    _need(not (start and end and end < start), "period", "ends before it starts", "supply_to")
    _original(document)


def _original(document: Document) -> None:
    original = document.original
    if not document.is_credit_note:
        _need(original is None, "original", "an invoice corrects nothing", "original")
        return
    if original is None:
        raise DocumentError("missing", "a credit note names its invoice", "original")
    _need(bool(document.reason.strip()), "missing", "a credit note gives its reason", "reason")
    _need(
        original.issued_on <= document.issued_on,
        "original_later",
        "is later than the credit note",
        "original.issued_on",
    )


def _party(party: Party, at: str) -> None:
    _need(bool(party.name.strip()), "missing", "has no name", f"{at}.name")
    country = _COUNTRY.fullmatch(party.country_code)
    _need(country is not None, "country", "is no country", f"{at}.country_code")
    for name in ("name", "postal_code", "city", "organisation_number", "vat_number",
                 "contact_name", "email", "phone", "website", "registered_office",
                 "customer_number"):  # fmt: skip
        plain_text(getattr(party, name), f"{at}.{name}")
    for place, row in enumerate(party.address):
        plain_text(row, f"{at}.address[{place}]")


def numbered_lines(document: Document) -> Iterator[tuple[str, Line]]:
    """Every line with its path."""
    for group_no, group in enumerate(document.groups):
        for line_no, line in enumerate(group.lines):
            yield f"groups[{group_no}].lines[{line_no}]", line


def _lines(document: Document) -> None:
    seen: set[str] = set()
    unit = smallest_unit(document.currency)
    for at, line in numbered_lines(document):
        _need(bool(line.id) and line.id not in seen, "line_id", "is missing or double", f"{at}.id")
        seen.add(line.id)
        _need(bool(line.description.strip()), "missing", "is empty", f"{at}.description")
        plain_text(line.description, f"{at}.description")
        plain_text(line.details, f"{at}.details")
        _need(line.unit_price >= 0, "unit_price", "is negative", f"{at}.unit_price")
        _whole(line.net, unit, f"{at}.net")
        # The slack that PEPPOL-EN16931-R120 allows.
        away = abs(line.net - line.quantity * line.unit_price)
        _need(away <= 2 * unit, "line_net", "is not quantity x price", f"{at}.net")
        _need(0 <= line.tax_rate < 100, "tax_rate", "is no rate", f"{at}.tax_rate")
    _need(bool(seen), "missing", "a document has lines", "groups")


def _whole(amount: Decimal, unit: Decimal, at: str) -> None:
    _need(amount == amount.quantize(unit), "too_fine", f"is finer than {unit}", at)


def _taxes(document: Document) -> None:
    unit = smallest_unit(document.currency)
    nets: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for line in document.lines:
        nets[line.tax_category, line.tax_rate] += line.net
    stated = [(tax.category, tax.rate) for tax in document.taxes]
    _need(len(set(stated)) == len(stated), "tax_double", "a rate stands twice", "taxes")
    _need(set(stated) == set(nets), "tax_rates", "are not those of the lines", "taxes")
    for place, tax in enumerate(document.taxes):
        at = f"taxes[{place}]"
        lines = nets[tax.category, tax.rate]
        _need(tax.net == lines, "tax_net", f"is not the sum of its lines, {lines}", f"{at}.net")
        _whole(tax.tax, unit, f"{at}.tax")
        if tax.category in TAXED:
            _need(tax.rate > 0, "tax_rate", "a taxed rate is above zero", f"{at}.rate")
            # A smallest unit of slack: prices that include tax fix the gross, not the net.
            away = abs(tax.tax - tax.net * tax.rate / 100)
            _need(away <= unit, "tax_amount", "is not net x rate", f"{at}.tax")
        else:
            _need(tax.rate == 0, "tax_rate", "an untaxed category has rate 0", f"{at}.rate")
            _need(tax.tax == 0, "tax_amount", "an untaxed category has no tax", f"{at}.tax")
        reasoned = tax.category not in REASONED or bool(tax.reason.strip())
        _need(reasoned, "tax_reason", "says why there is no tax", f"{at}.reason")


def _totals(document: Document) -> None:
    totals, unit = document.totals, smallest_unit(document.currency)
    net = sum((line.net for line in document.lines), Decimal(0))
    tax = sum((one.tax for one in document.taxes), Decimal(0))
    _need(totals.net == net, "total_net", f"is not the sum of the lines, {net}", "totals.net")
    _need(totals.tax == tax, "total_tax", f"is not the sum of the taxes, {tax}", "totals.tax")
    _need(totals.gross == net + tax, "total_gross", "is not net + tax", "totals.gross")
    _whole(totals.rounding, unit, "totals.rounding")
    _need(abs(totals.rounding) <= _MOST_ROUNDING, "rounding", "is too much", "totals.rounding")
    payable = totals.gross + totals.rounding - totals.paid
    _need(totals.payable == payable, "payable", "is not gross + rounding - paid", "totals.payable")
    _need(totals.gross >= 0, "negative", "a document below zero is a credit note", "totals.gross")


def _payment(document: Document) -> None:
    ocr = document.payment.ocr
    _need(not ocr or is_ocr(ocr), "ocr", "has a wrong check digit", "payment.ocr")


def _specification(document: Document) -> None:
    if not document.specification:
        return
    rows = sum((group.net for group in document.specification), Decimal(0))
    lines = sum((line.net for line in document.lines if line.is_specified), Decimal(0))
    _need(rows == lines, "specification", f"is {rows}, its lines {lines}", "specification")
    for place, group in enumerate(document.specification):
        for number, row in enumerate(group.rows):
            at = f"specification[{place}].rows[{number}]"
            _need(row.started_at.tzinfo is not None, "naive", "has no zone", f"{at}.started_at")
            for text in (row.place, row.person, row.registration_number, row.reference):
                plain_text(text, at)
