"""An invoice of the database as a document, from which PDF and e-invoice are made."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from billing.invoices.document import Document, Kind
from billing.invoices.document_parts import (
    Group,
    Line,
    LineKind,
    Original,
    Payment,
    SpecificationGroup,
    SpecificationRow,
    TaxCategory,
    TaxTotal,
    Totals,
    Unit,
)
from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceLine
from billing.invoices.snapshots import party_of, payment_of
from core.money import round_money


def document_of(invoice: Invoice) -> Document:
    """The document of an issued invoice; raises DocumentError if it cannot be right."""
    if invoice.issued_on is None:
        raise ValueError("a draft is no document")
    buyer = invoice.buyer_snapshot
    lines = list(invoice.lines.order_by("position"))
    original = invoice.original
    kind: Kind = "credit_note" if invoice.kind == InvoiceKind.CREDIT_NOTE else "invoice"
    is_paid_in = kind == "invoice"
    return Document(
        kind=kind,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        currency=invoice.currency,
        seller=party_of(invoice.seller_snapshot),
        buyer=party_of(buyer),
        groups=tuple(_groups(lines, invoice.currency)),
        taxes=tuple(_taxes(invoice)),
        totals=_totals(invoice),
        payment=payment_of(invoice.seller_snapshot, invoice.ocr) if is_paid_in else Payment(),
        supply_from=invoice.supply_from_on,
        supply_to=invoice.supply_until_on,
        payment_terms_days=buyer.get("terms_days") if is_paid_in else None,
        late_interest_percent=invoice.seller_snapshot.get("late_interest_percent", ""),
        buyer_reference=buyer.get("buyer_reference", ""),
        order_number=buyer.get("order_number", ""),
        is_self_billed=(original or invoice).kind == InvoiceKind.SELF_BILLING,
        original=_original(original) if original is not None else None,
        reason=invoice.reason,
        specification=tuple(_specification(invoice)) if kind == "invoice" else (),
    )


def _original(invoice: Invoice) -> Original | None:
    return Original(invoice.number, invoice.issued_on) if invoice.issued_on else None


def _money(amount: Decimal, currency: str) -> Decimal:
    return round_money(amount, currency)


def _groups(lines: Iterable[InvoiceLine], currency: str) -> list[Group]:
    found: dict[str, list[Line]] = {}
    for row in lines:
        found.setdefault(row.group_title, []).append(_line(row, currency))
    return [Group(title, tuple(own)) for title, own in found.items()]


def _line(row: InvoiceLine, currency: str) -> Line:
    return Line(
        id=str(row.position),
        description=row.description,
        details=row.details,
        kind=cast("LineKind", row.kind),
        quantity=_plain(row.quantity),
        unit=cast("Unit", row.unit),
        unit_price=_plain(row.unit_price),
        net=_money(row.net, currency),
        tax_rate=_plain(row.tax_rate),
        tax_category=cast("TaxCategory", row.tax_category),
        period_from=row.period_from_on,
        period_to=row.period_until_on,
        cost_centre=row.cost_centre,
        registration_number=row.registration_number,
        is_specified=row.is_specified,
    )


def _plain(value: Decimal) -> Decimal:
    """Without the zeros that the column adds."""
    return Decimal(format(value.normalize(), "f"))


def _taxes(invoice: Invoice) -> list[TaxTotal]:
    """By category and rate; countries of the same rate are one on the document."""
    sums: dict[tuple[str, Decimal], tuple[Decimal, Decimal, str]] = {}
    for row in invoice.taxes.all():
        kind = (row.category, _plain(row.rate))
        net, tax, reason = sums.get(kind, (Decimal(0), Decimal(0), row.reason))
        sums[kind] = (net + row.net, tax + row.tax, reason)
    return [
        TaxTotal(
            category=cast("TaxCategory", category),
            rate=rate,
            net=_money(net, invoice.currency),
            tax=_money(tax, invoice.currency),
            reason=reason,
        )
        for (category, rate), (net, tax, reason) in sums.items()
    ]


def _totals(invoice: Invoice) -> Totals:
    amounts = {
        name: _money(getattr(invoice, name), invoice.currency)
        for name in ("net", "tax", "gross", "rounding", "payable")
    }
    return Totals(**amounts)


def specified_items(invoice: Invoice) -> list[InvoiceItem]:
    """The sessions behind lines that are sums, in order."""
    rows = InvoiceItem.objects.filter(
        invoice=invoice, line__is_specified=True, billable__isnull=False
    ).select_related(
        "line", "billable__session", "billable__rated_session__site",
        "billable__rated_session__station",
    )  # fmt: skip
    return list(rows.order_by("line__position", "billable__rated_session__started_at", "pk"))


def _specification(invoice: Invoice) -> list[SpecificationGroup]:
    found: dict[str, list[SpecificationRow]] = {}
    for item in specified_items(invoice):
        found.setdefault(item.line.group_title, []).append(_row(item, invoice.currency))
    return [SpecificationGroup(title, tuple(rows)) for title, rows in found.items()]


def _row(item: InvoiceItem, currency: str) -> SpecificationRow:
    billable = item.billable
    assert billable is not None
    rated, snapshot = billable.rated_session, billable.session.token_snapshot
    zone = ZoneInfo(rated.site.time_zone)
    return SpecificationRow(
        started_at=rated.started_at.astimezone(zone),
        ended_at=rated.stopped_at.astimezone(zone),
        place=f"{rated.site.name}, {rated.station.name}",
        person=snapshot.get("driver_name", ""),
        registration_number=snapshot.get("registration_number", ""),
        reference=billable.session.public_id,
        energy_kwh=_plain(rated.energy_wh / 1000),
        net=_money(item.net, currency),
    )
