"""Making drafts of what is due, in bulk: what no draft or invoice bills yet, each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.accounts.models import BillingAccount, InvoiceRhythm
from billing.invoices import due_facts as facts
from billing.invoices.composing import Composed, Piece, compose
from billing.invoices.due_facts import DueFacts, Window, load_due
from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceLine, InvoiceTax
from billing.invoices.pieces import Bill, bill_for, currencies, pieces_of
from billing.invoices.run_models import BillingRules, BillingRun, CarryReason, RunCarry, RunScope
from core.ids import public_id

REASONS: Final = {
    "": "",
    "not_registered": gettext_noop("The seller is not registered for VAT."),
    "reverse_charge": gettext_noop("Reverse charge: the buyer accounts for the VAT."),
    "no_tax": gettext_noop("No VAT on this supply."),
    "opening_balance": gettext_noop("Owed since before; VAT was on the invoices of then."),
    "outside_the_eu": gettext_noop("Service to a business outside the EU."),
}


@dataclass(slots=True)
class Drafted:
    """Rows of drafts before they are stored, and what is carried over."""

    invoices: list[Invoice] = field(default_factory=list)
    lines: list[InvoiceLine] = field(default_factory=list)
    taxes: list[InvoiceTax] = field(default_factory=list)
    items: list[InvoiceItem] = field(default_factory=list)
    carries: list[RunCarry] = field(default_factory=list)


def draft_accounts(
    run: BillingRun,
    accounts: Sequence[BillingAccount],
    *,
    window: Window,
    rules: BillingRules,
    now: datetime,
) -> Drafted:
    """Store drafts of all that is due of these accounts; statements do not depend on how much."""
    due = load_due(window, [account.pk for account in accounts])
    found = Drafted()
    for account in accounts:
        with translation.override(account.language):
            _draft_account(found, run, account, due, window, rules, now)
    _store(found)
    return found


def _draft_account(
    found: Drafted,
    run: BillingRun,
    account: BillingAccount,
    due: DueFacts,
    window: Window,
    rules: BillingRules,
    now: datetime,
) -> None:
    bill = bill_for(account, window.seller, due)
    sources = _sources(due, account)
    for currency, pieces in currencies(list(pieces_of(bill, due))).items():
        for own in _bills(pieces, run, account, rules):
            composed = compose(
                own, currency, with_tax=bill.with_tax, rounds_to_coins=rules.rounds_to_coins
            )
            reason = _carry(composed.total.gross, run, rules)
            if reason:
                found.carries.append(
                    RunCarry(
                        operator_id=run.operator_id, run=run, account=account,
                        currency=currency, gross=composed.total.gross, reason=reason,
                    )
                )  # fmt: skip
                continue
            _add(found, run, bill, composed, currency, sources, now)


def _bills(
    pieces: Sequence[Piece], run: BillingRun, account: BillingAccount, rules: BillingRules
) -> list[list[Piece]]:
    """One invoice, or one a session where the account is invoiced so."""
    if run.scope != RunScope.SESSIONS or account.invoice_rhythm != InvoiceRhythm.PER_SESSION:
        return [list(pieces)]
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        found.setdefault(piece.key if piece.key.startswith("item:") else "", []).append(piece)
    return _with_credits(list(found.values()), rules.minimum_amount)


def _with_credits(bills: list[list[Piece]], minimum: Decimal) -> list[list[Piece]]:
    """Each bill in the customer's favour goes with the largest one that stays worth sending;
    where there is none it is left by itself, and carried over."""
    owed = [own for own in bills if _sum(own) >= 0]
    alone = []
    for credit in (own for own in bills if _sum(own) < 0):
        largest = max(owed, key=_sum, default=[])
        left = _sum(largest) + _sum(credit)
        if left > 0 and left >= minimum:
            largest += credit
        else:
            alone.append(credit)
    return owed + alone


def _sum(pieces: Sequence[Piece]) -> Decimal:
    return sum((piece.amount for piece in pieces), Decimal(0))


def _carry(gross: Decimal, run: BillingRun, rules: BillingRules) -> str:
    if gross < 0:
        return CarryReason.NEGATIVE
    if gross == 0 or (gross < rules.minimum_amount and not run.ignores_minimum):
        return CarryReason.TOO_SMALL
    return ""


def _sources(due: DueFacts, account: BillingAccount) -> dict[str, dict[str, Any]]:
    """Where each item comes from, by its key."""
    own = due.accounts[account.pk]
    found: dict[str, dict[str, Any]] = {}
    for one in own.deliveries:
        found[facts.billable_key(one.id)] = {
            "billable_id": one.id, "adjusts_id": one.adjusts_id,
        }  # fmt: skip
    for part in own.fees:
        found[facts.fee_key(part)] = {"fee": part.fee, "source_at": part.fee.updated_at}
    for item in own.manual:
        found[facts.manual_key(item)] = {"manual": item, "source_at": item.updated_at}
    return found


def _add(
    found: Drafted,
    run: BillingRun,
    bill: Bill,
    composed: Composed,
    currency: str,
    sources: dict[str, dict[str, Any]],
    now: datetime,
) -> None:
    """The rows of one draft."""
    total = composed.total
    invoice = Invoice(
        operator_id=run.operator_id,
        public_id=public_id("inv"),
        seller_id=run.seller_id,
        account=bill.account,
        run=run,
        kind=InvoiceKind.INVOICE,
        currency=currency,
        prices_include_tax=bill.with_tax,
        net=total.net,
        tax=total.tax,
        gross=total.gross,
        rounding=composed.rounding,
        payable=composed.payable,
        open_amount=composed.payable,
        language=bill.account.language,
        supply_from_on=min((one.from_on for one in composed.lines if one.from_on), default=None),
        supply_until_on=max((one.until_on for one in composed.lines if one.until_on), default=None),
        created_at=now,
    )
    found.invoices.append(invoice)
    lines = line_rows(invoice, composed)
    found.lines += lines
    found.taxes += tax_rows(invoice, composed)
    found.items += [
        InvoiceItem(
            operator_id=run.operator_id, invoice=invoice, line=lines[item.line], key=item.key,
            net=item.net, gross=item.gross, **sources[item.key],
        )
        for item in composed.items
    ]  # fmt: skip


def tax_rows(invoice: Invoice, composed: Composed) -> list[InvoiceTax]:
    """Its sums by rate, not stored yet; in the language of the moment."""
    return [
        InvoiceTax(
            operator_id=invoice.operator_id, invoice=invoice, category=tax.kind.category,
            rate=tax.kind.rate, country=tax.kind.country, net=tax.sums.net, tax=tax.sums.tax,
            reason=_(REASONS[tax.reason]) if tax.reason else "",
        )
        for tax in composed.taxes
    ]  # fmt: skip


def line_rows(invoice: Invoice, composed: Composed) -> list[InvoiceLine]:
    """Its lines, not stored yet."""
    return [
        InvoiceLine(
            operator_id=invoice.operator_id,
            invoice=invoice,
            position=position,
            group_title=line.piece.title,
            kind=line.piece.kind,
            description=line.piece.description,
            details=line.piece.details,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            net=line.sums.net,
            tax=line.sums.tax,
            gross=line.sums.gross,
            tax_rate=line.piece.tax.kind.rate,
            tax_category=line.piece.tax.kind.category,
            tax_country=line.piece.tax.kind.country,
            site_id=line.site_id,
            period_from_on=line.from_on,
            period_until_on=line.until_on,
            cost_centre=line.piece.cost_centre,
            registration_number=line.piece.registration_number,
            revenue_account=line.piece.revenue_account,
            is_specified=line.piece.is_specified,
        )
        for position, line in enumerate(composed.lines, 1)
    ]


def _store(found: Drafted) -> None:
    Invoice.objects.bulk_create(found.invoices)
    rows: list[InvoiceLine | InvoiceTax | InvoiceItem] = [
        *found.lines, *found.taxes, *found.items,
    ]  # fmt: skip
    for row in rows:
        row.invoice_id = row.invoice.pk
    InvoiceLine.objects.bulk_create(found.lines)
    for item in found.items:
        item.line_id = item.line.pk
    InvoiceTax.objects.bulk_create(found.taxes)
    InvoiceItem.objects.bulk_create(found.items)
    RunCarry.objects.bulk_create(found.carries)
