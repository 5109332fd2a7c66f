"""Credit notes: what an issued invoice gives back, whole, in part or by line, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.issuing import issue
from billing.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceTax
from billing.invoices.session_credits import lock_sessions, note_sessions
from billing.invoices.settling import settle
from billing.invoices.splits import CreditPlan, IssuedLine, credit_all, credit_lines, credit_total
from billing.invoices.tax_sums import Sums
from billing.invoices.webhooks import tell_credited
from billing.problem import MoneyProblem
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id


@transaction.atomic
def credit(
    invoice: Invoice,
    *,
    reason: str,
    lines: Mapping[int, Decimal] | None = None,
    gross: Decimal | None = None,
    session_id: int | None = None,
    now: datetime | None = None,
) -> Invoice:
    """Issue a credit note: for all that remains, for gross amounts by position of line, or for
    one gross sum shared by what remains of the lines. ``session_id``: the one session that it is
    about; else it is about all that the credited lines bill.

    It first takes off what is open of the invoice; the rest stays open on the credit note, as
    the customer's. Refuses drafts, credit notes, more than remains, and no reason.
    """
    now = now or timezone.now()
    lock_sessions(invoice)
    original: Invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _check(original, reason)
    rows = list(original.lines.order_by("position"))
    plan = _plan(original, rows, lines, gross)
    note = _store(original, {str(row.position): row for row in rows}, plan, reason.strip())
    issue(note, now=now)
    Invoice.objects.filter(pk=original.pk).update(
        credited_gross=F("credited_gross") + plan.total.gross
    )
    note_sessions(note, session_id=session_id, now=now)
    record(
        "invoice.credit", original, operator_id=original.operator_id,
        after={"credit_note": note.number, "gross": note.gross}, reason=reason,
    )  # fmt: skip
    taken_off = min(note.open_amount, original.open_amount)
    if taken_off:
        settle(original, credited=taken_off, reason=reason, now=now)
        settle(note, paid=taken_off, reason=reason, now=now)
    original.refresh_from_db()
    tell_credited(original, note, now=now)
    invoice.refresh_from_db()
    return note


def remaining(invoice: Invoice) -> list[tuple[InvoiceLine, Decimal]]:
    """The lines of an invoice with the gross amount of each that can still be credited."""
    rows = list(invoice.lines.order_by("position"))
    return [(row, one.remaining) for row, one in zip(rows, _issued(rows), strict=True)]


def _check(original: Invoice, reason: str) -> None:
    if original.is_draft:
        raise RuleViolation("draft", _("A draft cannot be paid or credited."))
    if original.kind == InvoiceKind.CREDIT_NOTE:
        raise RuleViolation("credit_note", _("A credit note is not credited itself."))
    if original.kind == InvoiceKind.SELF_BILLING:
        raise RuleViolation(
            "self_billing",
            _("A self-billing invoice is corrected by the host's next statement."),
        )
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why it is credited."), field="reason")


def _plan(
    original: Invoice,
    rows: Sequence[InvoiceLine],
    lines: Mapping[int, Decimal] | None,
    gross: Decimal | None,
) -> CreditPlan:
    issued, currency = _issued(rows), original.currency
    try:
        if lines is not None:
            wanted = {str(position): amount for position, amount in lines.items()}
            return credit_lines(issued, wanted, currency, rounding=original.rounding)
        if gross is not None:
            return credit_total(issued, gross, currency, rounding=original.rounding)
        return credit_all(issued, currency, rounding=original.rounding)
    except MoneyProblem as error:
        raise RuleViolation(error.code, _sentence(error)) from error


def _sentence(error: MoneyProblem) -> str:
    return {
        "credit_beyond": _("That is more than remains to be credited."),
        "credit_nothing": _("Nothing is left to credit."),
        "credit_line": _("The invoice has no such line."),
        "credit_amount": _("Write an amount above nothing, in whole smallest units."),
        "credit_by_line": _("An invoice with deductions is credited by line."),
    }.get(error.code, str(error))


def _issued(rows: Sequence[InvoiceLine]) -> list[IssuedLine]:
    credited = dict(
        InvoiceLine.objects.filter(credits__in=rows)
        .order_by()
        .values_list("credits_id")
        .annotate(total=Sum("gross"))
    )
    return [
        IssuedLine(
            str(row.position), Sums(row.net, row.tax, row.gross), credited.get(row.pk, Decimal(0))
        )
        for row in rows
    ]


def _store(
    original: Invoice, rows: Mapping[str, InvoiceLine], plan: CreditPlan, reason: str
) -> Invoice:
    """The draft of the note with its lines and taxes."""
    total = plan.total
    if total.gross < 0:
        raise RuleViolation("credit_beyond", _("That is more than remains to be credited."))
    # The last of several may be less than the rounding that goes back with it.
    rounding = max(plan.rounding, -total.gross)
    payable = total.gross + rounding
    note: Invoice = Invoice.objects.create(
        operator_id=original.operator_id,
        public_id=public_id("inv"),
        seller_id=original.seller_id,
        account_id=original.account_id,
        kind=InvoiceKind.CREDIT_NOTE,
        currency=original.currency,
        prices_include_tax=original.prices_include_tax,
        net=total.net,
        tax=total.tax,
        gross=total.gross,
        rounding=rounding,
        payable=payable,
        open_amount=payable,
        language=original.language,
        supply_from_on=original.supply_from_on,
        supply_until_on=original.supply_until_on,
        original=original,
        reason=reason[:500],
        seller_snapshot=original.seller_snapshot,
        buyer_snapshot=original.buyer_snapshot,
    )
    InvoiceLine.objects.bulk_create(
        _line(note, position, rows[key], sums)
        for position, (key, sums) in enumerate(plan.lines.items(), 1)
    )
    _store_taxes(note, original, rows, plan)
    return note


def _line(note: Invoice, position: int, row: InvoiceLine, sums: Sums) -> InvoiceLine:
    """Whole lines keep their quantity and price; of others a part is given back."""
    is_whole = sums.gross == row.gross
    return InvoiceLine(
        operator_id=note.operator_id,
        invoice=note,
        position=position,
        group_title=row.group_title,
        kind=row.kind,
        description=row.description,
        details=row.details,
        quantity=row.quantity if is_whole else Decimal(-1 if sums.net < 0 else 1),
        unit=row.unit if is_whole else "each",
        unit_price=row.unit_price if is_whole else abs(sums.net),
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
        tax_rate=row.tax_rate,
        tax_category=row.tax_category,
        tax_country=row.tax_country,
        site_id=row.site_id,
        period_from_on=row.period_from_on,
        period_until_on=row.period_until_on,
        cost_centre=row.cost_centre,
        registration_number=row.registration_number,
        revenue_account=row.revenue_account,
        credits=row,
    )


def _store_taxes(
    note: Invoice, original: Invoice, rows: Mapping[str, InvoiceLine], plan: CreditPlan
) -> None:
    sums: dict[tuple[str, Decimal, str], tuple[Decimal, Decimal]] = {}
    for key, one in plan.lines.items():
        row = rows[key]
        kind = (row.tax_category, row.tax_rate, row.tax_country)
        net, tax = sums.get(kind, (Decimal(0), Decimal(0)))
        sums[kind] = (net + one.net, tax + one.tax)
    reasons = {(one.category, one.rate, one.country): one.reason for one in original.taxes.all()}
    InvoiceTax.objects.bulk_create(
        InvoiceTax(
            operator_id=note.operator_id, invoice=note, category=kind[0], rate=kind[1],
            country=kind[2], net=net, tax=tax, reason=reasons.get(kind, ""),
        )
        for kind, (net, tax) in sums.items()
    )  # fmt: skip
