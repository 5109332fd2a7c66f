"""A document as UBL 2.1 by Peppol BIS Billing 3.0, or its self-billing twin."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from lxml import etree

from billing.invoices.document import Document
from billing.invoices.document_parts import Line, TaxTotal
from billing.invoices.peppol.checks import Finding, check_peppol, digits
from billing.invoices.peppol.parties import add_party
from billing.invoices.peppol.writing import amount, new_root, part, value, without_empty

_BILLING: Final = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)
_SELF_BILLING: Final = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0",
    "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0",
)
# UNCL1001, by (credit note, self-billed).
_TYPES: Final = {
    (False, False): "380",
    (False, True): "389",
    (True, False): "381",
    (True, True): "261",
}
# UN/ECE Recommendation 20.
_UNITS: Final = {
    "kWh": "KWH", "min": "MIN", "h": "HUR", "day": "DAY", "month": "MON", "each": "C62",
}  # fmt: skip
_REASON_CODES: Final = {
    "AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O",
}  # fmt: skip
_CREDIT_TRANSFER: Final = "30"


class PeppolError(ValueError):
    """The document cannot be sent as an e-invoice; ``findings`` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{one.code} {one.at}: {one.message}" for one in findings))
        self.findings = findings


def peppol_invoice(document: Document) -> bytes:
    """The e-invoice as UTF-8 XML. Raises PeppolError with every rule that it would break."""
    findings = check_peppol(document)
    if findings:
        raise PeppolError(findings)
    root = new_root("CreditNote" if document.is_credit_note else "Invoice")
    _head(root, document)
    _references(root, document)
    _parties(root, document)
    _delivery(root, document)
    _payment(root, document)
    _taxes(root, document)
    _totals(root, document)
    for group in document.groups:
        for line in group.lines:
            _line(root, document, line, group.title)
    without_empty(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _head(root: etree._Element, document: Document) -> None:
    customization, profile = _SELF_BILLING if document.is_self_billed else _BILLING
    value(root, "CustomizationID", customization)
    value(root, "ProfileID", profile)
    value(root, "ID", document.number)
    value(root, "IssueDate", document.issued_on.isoformat())
    if document.due_on and not document.is_credit_note:
        value(root, "DueDate", document.due_on.isoformat())
    kind = "CreditNoteTypeCode" if document.is_credit_note else "InvoiceTypeCode"
    value(root, kind, _TYPES[document.is_credit_note, document.is_self_billed])
    # One note alone (PEPPOL-EN16931-R002).
    value(root, "Note", "\n".join(filter(None, (document.reason, *document.notes))))
    value(root, "DocumentCurrencyCode", document.currency)
    value(root, "BuyerReference", document.buyer_reference)


def _references(root: etree._Element, document: Document) -> None:
    if document.supply_from or document.supply_to:
        period = part(root, "InvoicePeriod")
        for name, on in (("StartDate", document.supply_from), ("EndDate", document.supply_to)):
            value(period, name, on.isoformat() if on else "")
    value(part(root, "OrderReference"), "ID", document.order_number)
    if document.original:
        original = part(root, "BillingReference", "InvoiceDocumentReference")
        value(original, "ID", document.original.number)
        value(original, "IssueDate", document.original.issued_on.isoformat())
    value(part(root, "ContractDocumentReference"), "ID", document.contract_number)


def _parties(root: etree._Element, document: Document) -> None:
    is_taxable = any(tax.category != "O" for tax in document.taxes)
    for name, party, is_seller in (
        ("AccountingSupplierParty", document.seller, True),
        ("AccountingCustomerParty", document.buyer, False),
    ):
        add_party(part(root, name), party, is_seller=is_seller, has_vat_number=is_taxable)


def _delivery(root: etree._Element, document: Document) -> None:
    if not any(tax.category == "K" for tax in document.taxes):
        return
    delivery = part(root, "Delivery")
    on = document.supply_to or document.supply_from
    value(delivery, "ActualDeliveryDate", on.isoformat() if on else "")
    country = part(delivery, "DeliveryLocation", "Address", "Country")
    value(country, "IdentificationCode", document.buyer.country_code)


def _payment(root: etree._Element, document: Document) -> None:
    payment = document.payment
    accounts = [
        (digits(payment.bankgiro), "SE:BANKGIRO"),
        (digits(payment.plusgiro), "SE:PLUSGIRO"),
        (payment.iban.replace(" ", ""), payment.bic),
    ]
    for number, branch in accounts:
        if number and not payment.is_direct:
            means = part(root, "PaymentMeans")
            value(means, "PaymentMeansCode", _CREDIT_TRANSFER)
            value(means, "PaymentID", payment.ocr or document.number)
            account = part(means, "PayeeFinancialAccount")
            value(account, "ID", number)
            value(part(account, "FinancialInstitutionBranch"), "ID", branch)
    if document.payment_terms_days is not None and not document.is_credit_note:
        terms = f"{document.payment_terms_days} dagar netto / days net"
        value(part(root, "PaymentTerms"), "Note", terms)


def _taxes(root: etree._Element, document: Document) -> None:
    total = part(root, "TaxTotal")
    amount(total, "TaxAmount", document.totals.tax, document.currency)
    for tax in document.taxes:
        row = part(total, "TaxSubtotal")
        amount(row, "TaxableAmount", tax.net, document.currency)
        amount(row, "TaxAmount", tax.tax, document.currency)
        category = part(row, "TaxCategory")
        _category(category, tax.category, tax.rate)
        _exemption(category, tax)
        value(part(category, "TaxScheme"), "ID", "VAT")


def _category(element: etree._Element, category: str, rate: Decimal) -> None:
    value(element, "ID", category)
    if category != "O":  # BR-O-05
        value(element, "Percent", format(rate.normalize(), "f"))


def _exemption(element: etree._Element, tax: TaxTotal) -> None:
    if tax.category in {"S", "Z"}:
        return
    value(element, "TaxExemptionReasonCode", _REASON_CODES.get(tax.category, ""))
    value(element, "TaxExemptionReason", tax.reason)


def _vehicle(item: etree._Element, line: Line) -> None:
    """BG-32: what the buyer sorts by."""
    if line.registration_number:
        element = part(item, "AdditionalItemProperty")
        value(element, "Name", "Registration number")
        value(element, "Value", line.registration_number)


def _totals(root: etree._Element, document: Document) -> None:
    totals, currency = document.totals, document.currency
    element = part(root, "LegalMonetaryTotal")
    amount(element, "LineExtensionAmount", totals.net, currency)
    amount(element, "TaxExclusiveAmount", totals.net, currency)
    amount(element, "TaxInclusiveAmount", totals.gross, currency)
    if totals.paid:
        amount(element, "PrepaidAmount", totals.paid, currency)
    if totals.rounding:
        amount(element, "PayableRoundingAmount", totals.rounding, currency)
    amount(element, "PayableAmount", totals.payable, currency)


def _line(root: etree._Element, document: Document, line: Line, title: str) -> None:
    is_credit = document.is_credit_note
    element = part(root, "CreditNoteLine" if is_credit else "InvoiceLine")
    value(element, "ID", line.id)
    value(element, "Note", title)
    quantity = "CreditedQuantity" if is_credit else "InvoicedQuantity"
    value(element, quantity, format(line.quantity, "f"), unitCode=_UNITS[line.unit])
    amount(element, "LineExtensionAmount", line.net, document.currency)
    value(element, "AccountingCost", line.cost_centre)
    if line.period_from or line.period_to:
        period = part(element, "InvoicePeriod")
        for name, on in (("StartDate", line.period_from), ("EndDate", line.period_to)):
            value(period, name, on.isoformat() if on else "")
    item = part(element, "Item")
    value(item, "Description", line.details)
    value(item, "Name", line.description)
    tax = part(item, "ClassifiedTaxCategory")
    _category(tax, line.tax_category, line.tax_rate)
    value(part(tax, "TaxScheme"), "ID", "VAT")
    _vehicle(item, line)
    amount(part(element, "Price"), "PriceAmount", line.unit_price, document.currency)
