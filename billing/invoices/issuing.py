"""Issuing drafts: numbers, days, references and snapshots, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.invoices.due import Terms, due_on
from billing.invoices.freshness import hold_billables, stale, take_billables
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.payment_reference import ReferenceKind, reference
from billing.invoices.run_models import BillingRules
from billing.invoices.snapshots import buyer_snapshot, seller_snapshot
from billing.invoices.webhooks import tell_issued
from billing.problem import MoneyProblem
from billing.sellers.models import InvoiceSeries, Purpose, Seller
from billing.sellers.taking import active_series, take_numbers
from core.audit.services import record_many
from core.errors import RuleViolation

PURPOSES: Final = {
    InvoiceKind.INVOICE: Purpose.INVOICE,
    InvoiceKind.CREDIT_NOTE: Purpose.CREDIT_NOTE,
    InvoiceKind.SELF_BILLING: Purpose.SELF_BILLING,
}


class StaleDrafts(RuleViolation):
    """Drafts whose sessions, fees or items changed since they were made."""

    def __init__(self, invoices: Sequence[Invoice]) -> None:
        super().__init__(
            "stale_draft",
            _("What is billed has changed since the draft was made. Make the draft anew."),
        )
        self.invoices = invoices


@transaction.atomic
def issue(invoice: Invoice, *, reason: str = "", now: datetime | None = None) -> Invoice:
    """Issue one draft; refuses what is issued, and a draft that no longer holds."""
    issued = issue_drafts(
        [invoice.pk], seller=invoice.seller, kind=invoice.kind, reason=reason, now=now
    )
    if not issued:
        raise RuleViolation("not_a_draft", _("The invoice is issued already, or gone."))
    invoice.refresh_from_db()
    return invoice


@transaction.atomic
def issue_drafts(
    keys: Sequence[int],
    *,
    seller: Seller,
    kind: str,
    reason: str = "",
    now: datetime | None = None,
) -> list[Invoice]:
    """Issue drafts of one seller and kind in the order of their keys; returns those issued.

    Raises StaleDrafts, with nothing issued, when any of them no longer holds. The number of
    statements does not depend on that of the drafts.
    """
    now = now or timezone.now()
    drafts = list(
        Invoice.objects.select_for_update(of=("self",))
        .filter(pk__in=keys, seller=seller, kind=kind, state=InvoiceState.DRAFT)
        .select_related("account")
        .order_by("pk")
    )
    if not drafts:
        return []
    if min(one.gross for one in drafts) < 0:
        raise RuleViolation("negative", _("An invoice below zero is not issued."))
    hold_billables(drafts)
    if old := stale(drafts):
        raise StaleDrafts(old)
    take_billables(drafts, now=now)
    _number(drafts, seller, PURPOSES[InvoiceKind(kind)], now)
    _write(drafts)
    record_many(
        "invoice.issue", drafts, operator_id=seller.operator_id,
        after=lambda one: {"number": one.number, "payable": one.payable, "due_on": one.due_on},
        reason=reason,
    )  # fmt: skip
    tell_issued(drafts, now=now)
    return drafts


def _number(drafts: Sequence[Invoice], seller: Seller, purpose: Purpose, now: datetime) -> None:
    """Numbers and all that goes with them (unsaved); the series is held until the end."""
    key = active_series(seller, purpose).pk
    # Locked, so that the last day of the series is sure.
    series: InvoiceSeries = InvoiceSeries.objects.select_for_update(no_key=True).get(pk=key)
    day = _not_before(series, operator_day(seller.operator, now))
    numbers = take_numbers(series, day, len(drafts))
    rules = BillingRules.objects.filter(seller=seller).first()
    own_ocr = rules is None or not rules.uses_customer_ocr
    snapshot = seller_snapshot(seller)
    for one, taken in zip(drafts, numbers, strict=True):
        one.series, one.series_year = series, taken.year
        one.sequence, one.number = taken.number, taken.text
        one.issued_on, one.issued_at, one.state = day, now, InvoiceState.ISSUED
        if one.account is not None:
            one.seller_snapshot, one.buyer_snapshot = snapshot, buyer_snapshot(one.account)
        if one.kind == InvoiceKind.INVOICE and one.account is not None:
            one.language = one.account.language
            one.due_on = _due(day, one.account.payment_terms_days, seller.country_code)
            kind = ReferenceKind.INVOICE if own_ocr else ReferenceKind.CUSTOMER
            one.ocr = reference(kind, one.pk if own_ocr else one.account.pk)


def _not_before(series: InvoiceSeries, day: date) -> date:
    """The day, or the last day of the series if a clock was ahead: dates never go back."""
    last = Invoice.objects.filter(series=series).aggregate(last=Max("issued_on"))["last"]
    return max(day, last) if last is not None else day


def _due(day: date, days: int, country: str) -> date:
    """By the terms, on a bank day where the country's are known."""
    days = min(days, 120)
    try:
        return due_on(day, Terms(days=days, country=country))
    except MoneyProblem:
        return due_on(day, Terms(days=days, any_day=True))


_WRITE: Final = """
UPDATE billing_invoice AS row SET
  series_id = new.series, series_year = new.series_year, sequence = new.sequence,
  number = new.number, issued_on = new.issued_on, issued_at = new.issued_at,
  due_on = new.due_on, ocr = new.ocr, language = new.language, state = 'issued',
  seller_snapshot = new.seller::jsonb, buyer_snapshot = new.buyer::jsonb
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::text[], %s::date[],
            %s::timestamptz[], %s::date[], %s::text[], %s::text[], %s::text[], %s::text[])
  AS new(id, series, series_year, sequence, number, issued_on, issued_at, due_on, ocr, language,
         seller, buyer)
WHERE row.id = new.id
"""


def _write(drafts: Sequence[Invoice]) -> None:
    columns = zip(*(_columns(one) for one in drafts), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in columns])


def _columns(one: Invoice) -> tuple[Any, ...]:
    return (
        one.pk, one.series_id, one.series_year, one.sequence, one.number, one.issued_on,
        one.issued_at, one.due_on, one.ocr, one.language,
        json.dumps(one.seller_snapshot), json.dumps(one.buyer_snapshot),
    )  # fmt: skip
