"""A document as the template shows it: every text and number in its written form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.invoices.document import Document
from billing.invoices.document_parts import Group, Line, Party, SpecificationGroup
from billing.invoices.pdf import texts
from billing.invoices.pdf.slip import slip_view
from billing.invoices.pdf.writing import Writer, breakable, unit_name

Pairs = list[list[str]]


def invoice_view(document: Document, *, language: str, colour: str) -> dict[str, Any]:
    """What the template reads; the language must be active."""
    write = Writer(language, document.currency)
    payable = write.money_with_currency(document.totals.payable)
    heading = texts.heading(document)
    label = _("To your credit") if document.is_credit_note else _("To pay")
    view = {
        "lang": language,
        "colour": colour,
        "logo": None,
        "logo_width": 0,
        "heading": heading,
        "subheading": texts.subheading(document, write),
        "title": f"{heading} {document.number}",
        "summary": f"{document.seller.name}, {payable}",
        "issued": [document.issued_on.year, document.issued_on.month, document.issued_on.day],
        "seller": _party(document.seller, document.buyer.country_code),
        "buyer": _party(document.buyer, document.seller.country_code),
        "meta": _meta(document, write),
        "highlight": _highlight(document, write, label, payable),
        "columns": [
            pgettext("invoice line", "Description"),
            pgettext("invoice line", "Quantity"),
            pgettext("invoice line", "Unit price"),
            pgettext("invoice line", "VAT"),
            pgettext("invoice line", "Amount"),
        ],
        "groups": _groups(document, write),
        "tax_columns": [_("VAT"), _("Net"), _("VAT amount")],
        "taxes": [
            {
                "label": texts.tax_label(tax, write),
                "net": write.money(tax.net),
                "tax": write.money(tax.tax),
            }
            for tax in document.taxes
        ],
        "totals": _totals(document, write),
        "payable": {"label": label, "value": payable},
        "notes": texts.notes(document, write),
        "slip": slip_view(document, write),
        "specification": _specification(document, write),
        "footer": _footer(document),
        "texts": texts.page_texts(),
    }
    return breakable(view)  # type: ignore[no-any-return]  # a dictionary, as it came


def _party(party: Party, other_country: str) -> dict[str, Any]:
    rows = [row for row in party.address if row]
    rows.append(f"{party.postal_code} {party.city}".strip())
    if party.country_code != other_country:
        rows.append(party.country_code)
    return {"name": party.name, "lines": [row for row in rows if row]}


def _meta(document: Document, write: Writer) -> Pairs:
    buyer = document.buyer
    number = _("Credit note no.") if document.is_credit_note else _("Invoice no.")
    pairs = [
        [number, document.number],
        [_("Date of issue"), write.day(document.issued_on)],
        [pgettext("invoice", "Delivered"), write.days(document.supply_from, document.supply_to)],
        [_("Payment terms"), _terms(document)],
        [_("Customer no."), buyer.customer_number],
        [_("Your reference"), document.buyer_reference],
        [_("Order number"), document.order_number],
        [_("Contract"), document.contract_number],
        [_("Your org. no."), buyer.organisation_number],
        [_("Your VAT no."), buyer.vat_number],
    ]
    return [[label, value] for label, value in pairs if value]


def _terms(document: Document) -> str:
    days = document.payment_terms_days
    return (
        "" if days is None or document.is_credit_note else _("%(days)s days net") % {"days": days}
    )


def _highlight(document: Document, write: Writer, label: str, payable: str) -> Pairs:
    pairs = [[label, payable]]
    if document.due_on and not document.is_credit_note:
        pairs.append([_("Due date"), write.day(document.due_on)])
    if document.payment.ocr and not document.is_credit_note:
        pairs.append([_("OCR / reference"), document.payment.ocr])
    return pairs


def _groups(document: Document, write: Writer) -> list[dict[str, Any]]:
    found, run = [], Decimal(0)
    for group in document.groups:
        rows = []
        for line in group.lines:
            run += line.net
            rows.append(_line(line, write, run))
        found.append(_group(group, rows, write, alone=len(document.groups) == 1))
    return found


def _line(line: Line, write: Writer, run: Decimal) -> dict[str, str]:
    period = write.days(line.period_from, line.period_to)
    return {
        "description": line.description,
        "details": " · ".join(
            filter(None, (line.details, period, line.cost_centre, line.registration_number))
        ),
        "quantity": f"{write.number(line.quantity, most=3)} {unit_name(line.unit)}",
        "price": write.price(line.unit_price),
        "tax": write.percent(line.tax_rate) if line.tax_rate else "–",
        "net": write.money(line.net),
        "run": write.money(run),
    }


def _group(
    group: Group, rows: list[dict[str, str]], write: Writer, *, alone: bool
) -> dict[str, Any]:
    return {
        "title": group.title,
        "rows": rows,
        "sum": "" if alone or not group.title else write.money(group.net),
        "sum_label": _("Sum %(title)s") % {"title": group.title},
    }


def _totals(document: Document, write: Writer) -> list[dict[str, str]]:
    totals = document.totals
    rows = [(_("Net"), totals.net), (_("VAT"), totals.tax), (_("Total"), totals.gross)]
    if totals.rounding:
        rows.append((_("Rounding"), totals.rounding))
    if totals.paid:
        rows.append((_("Paid already"), -totals.paid))
    return [{"label": label, "value": write.money(amount)} for label, amount in rows]


def _specification(document: Document, write: Writer) -> dict[str, Any] | None:
    if not document.specification:
        return None
    groups, run = [], Decimal(0)
    for group in document.specification:
        rows = []
        for row in group.rows:
            run += row.net
            rows.append(
                {
                    "when": write.span(row.started_at, row.ended_at),
                    "place": row.place,
                    "who": " · ".join(
                        filter(None, (row.person, row.registration_number, row.reference))
                    ),
                    "energy": write.number(row.energy_kwh, least=3) if row.energy_kwh else "",
                    "net": write.money(row.net),
                    "run": write.money(run),
                }
            )
        groups.append(_specified(group, rows, write))
    return {
        "title": _("Specification of invoice %(number)s") % {"number": document.number},
        "columns": [_("When"), _("Where"), _("Who"), "kWh", _("Amount without VAT")],
        "groups": groups,
    }


def _specified(
    group: SpecificationGroup, rows: list[dict[str, str]], write: Writer
) -> dict[str, Any]:
    return {
        "title": group.title,
        "rows": rows,
        "sum": write.money(group.net),
        "energy": write.number(group.energy_kwh, least=3),
        "sum_label": _("Sum %(title)s") % {"title": group.title} if group.title else _("Total"),
    }


def _footer(document: Document) -> list[Pairs]:
    seller, payment = document.seller, document.payment
    columns = [
        [["", row] for row in (seller.name, *_party(seller, seller.country_code)["lines"])],
        [
            [_("Phone"), seller.phone],
            [_("E-mail"), seller.email],
            [_("Web"), seller.website],
            [_("Registered office"), seller.registered_office],
        ],
        [
            [_("Org. no."), seller.organisation_number],
            [_("VAT no."), seller.vat_number],
            [_("Bankgiro"), payment.bankgiro],
            ["", _("Approved for F-tax") if seller.has_f_tax else ""],
        ],
    ]
    return [[pair for pair in column if pair[1]] for column in columns]
