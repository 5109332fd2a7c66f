"""The invoice that the operator makes to itself in a host's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from billing.invoices.composing import Composed, Piece, compose
from billing.invoices.drafting import line_rows, tax_rows
from billing.invoices.issuing import issue
from billing.invoices.models import (
    Invoice,
    InvoiceItem,
    InvoiceKind,
    InvoiceLine,
    InvoiceTax,
)
from billing.invoices.snapshots import seller_snapshot
from billing.invoices.tax_status import Sides, TaxStatus, of_service
from billing.invoices.tax_sums import TaxKind
from billing.sellers.models import Seller
from billing.sellers.selectors import missing_in
from billing.settlement.models import Statement, StatementLine
from billing.settlement.words import told
from core.errors import RuleViolation
from core.ids import public_id

LANGUAGE: Final = "sv"
_PARTY: Final = (
    "id",
    "name",
    "organisation_number",
    "vat_number",
    "address",
    "postal_code",
    "city",
    "country_code",
    "peppol_address",
    "email",
)


def bill_itself(statement: Statement, lines: Sequence[StatementLine], *, now: datetime) -> Invoice:
    """Issue the invoice in the host's own series; its net is that of the statement.

    Refuses a host of whom an invoice would not say enough.
    """
    missing = missing_in(statement.host)
    if missing:
        raise RuleViolation(
            "host_incomplete",
            _("An invoice in the name of %(host)s needs: %(what)s.")
            % {"host": statement.host, "what": ", ".join(missing)},
        )
    with translation.override(LANGUAGE):
        composed = compose(_pieces(statement, lines), statement.currency, with_tax=False)
        draft = _store(statement, composed)
    return issue(draft, now=now)


def taxes_of(statement: Statement, lines: Sequence[StatementLine]) -> Decimal:
    """The VAT that the invoice of these lines would have."""
    return compose(_pieces(statement, lines), statement.currency, with_tax=False).total.tax


def tax_parts(
    statement: Statement, lines: Sequence[StatementLine]
) -> list[tuple[TaxKind, Decimal, Decimal]]:
    """Net and tax by kind of what the host's own invoice says; what its rounding differs by goes
    to the first kind."""
    own = [line for line in lines if line.direction == "to_host" and line.amount]
    composed = compose(_pieces(statement, own), statement.currency, with_tax=False)
    parts = [(one.kind, one.sums.net, one.sums.tax) for one in composed.taxes]
    kind, net, tax = parts[0]
    parts[0] = (kind, net, tax + statement.tax - composed.total.tax)
    return parts


def _pieces(statement: Statement, lines: Sequence[StatementLine]) -> list[Piece]:
    return [_piece(statement, line) for line in lines]


def _piece(statement: Statement, line: StatementLine) -> Piece:
    key = f"statement:{statement.public_id}:{line.position}"
    has_unit = line.unit in ("kWh", "month") and line.quantity > 0
    return Piece(
        key=key,
        group=key,
        line=("statement",),
        description=f"{line}"[:300],
        details=told(line, statement.currency)[:500],
        kind="energy" if line.kind in ("energy_cost", "per_kwh") else "other",
        quantity=line.quantity if has_unit else Decimal(-1 if line.amount < 0 else 1),
        unit=("kWh" if line.unit == "kWh" else "month") if has_unit else "each",
        amount=line.amount,
        tax=tax_of(statement.host, statement.seller, line.tax_percent),
        site_id=statement.site_id,
        from_on=line.from_on,
        until_on=line.until_on,
    )


def tax_of(host: Seller, payer: Seller, percent: Decimal) -> TaxStatus:
    """The VAT of what a registered host supplies to the operator."""
    sides = Sides(
        seller_country=host.country_code,
        seller_is_registered=True,
        buyer_country=payer.country_code,
        buyer_is_company=True,
        buyer_vat_country=payer.vat_number[:2].upper(),
    )
    return of_service(sides, percent)


def _store(statement: Statement, composed: Composed) -> Invoice:
    total = composed.total
    draft: Invoice = Invoice.objects.create(
        operator_id=statement.operator_id,
        public_id=public_id("inv"),
        seller=statement.host,
        kind=InvoiceKind.SELF_BILLING,
        currency=statement.currency,
        net=total.net,
        tax=total.tax,
        gross=total.gross,
        payable=total.gross,
        open_amount=total.gross,
        language=LANGUAGE,
        supply_from_on=statement.period_from_on,
        supply_until_on=statement.period_until_on,
        seller_snapshot=seller_snapshot(statement.host),
        buyer_snapshot=_buyer(statement.seller),
    )
    rows = line_rows(draft, composed)
    InvoiceLine.objects.bulk_create(rows)
    InvoiceTax.objects.bulk_create(tax_rows(draft, composed))
    InvoiceItem.objects.bulk_create(
        InvoiceItem(
            operator_id=draft.operator_id,
            invoice=draft,
            line=rows[item.line],
            key=item.key,
            net=item.net,
            gross=item.gross,
        )
        for item in composed.items
    )
    return draft


def _buyer(seller: Seller) -> dict[str, object]:
    """The operator's own seller, as the buyer of what its host supplies."""
    kept = seller_snapshot(seller)
    return {name: kept[name] for name in _PARTY} | {
        "kind": "company",
        "emails": [seller.email] if seller.email else [],
        "buyer_reference": _("Settlement"),
    }
