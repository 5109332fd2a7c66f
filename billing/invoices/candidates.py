"""Which accounts a run has something to bill for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from billing.accounts.models import BillingAccount, InvoiceRhythm
from billing.invoices.due_facts import CONTRACT, OF_SELLER, Window, parameters
from billing.invoices.run_models import BillingRules, BillingRun, RunScope
from billing.rating.models import BillableItem

_LAST_OF_QUARTER = (3, 6, 9, 12)
# Fees are looked at by days alone here: whether a month of one was billed is seen when it is read.
_DUE = f"""
SELECT DISTINCT x.account_id FROM (
  SELECT t.account_id FROM billing_billableitem t
  JOIN billing_ratedsession r ON r.id = t.rated_session_id
  {CONTRACT}
  WHERE t.operator_id = %(operator)s AND t.taken_at IS NULL AND t.account_id > %(after)s
    AND t.delivered_on <= %(until)s AND t.delivered_on >= %(from)s AND {OF_SELLER}
    AND NOT EXISTS (SELECT FROM billing_invoiceitem i WHERE i.billable_id = t.id)
  UNION ALL
  SELECT f.account_id FROM billing_fee f
  WHERE f.operator_id = %(operator)s AND %(is_default)s AND f.account_id > %(after)s
    AND f.starts_on <= %(until)s
    AND (f.recurrence = 'monthly' AND (f.ends_on IS NULL OR f.ends_on >= %(fees_from)s)
         OR f.recurrence = 'once' AND f.starts_on >= %(fees_from)s)
  UNION ALL
  SELECT m.account_id FROM billing_manualitem m
  WHERE m.operator_id = %(operator)s AND m.seller_id = %(seller)s AND m.account_id > %(after)s
    AND m.due_on <= %(until)s
    AND NOT EXISTS (SELECT FROM billing_invoiceitem i WHERE i.manual_id = m.id)
) x
"""  # noqa: S608 - fragments of ours


def next_accounts(
    run: BillingRun, window: Window, rules: BillingRules, most: int
) -> list[BillingAccount]:
    """The next accounts of the run after its cursor, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, parameters(window) | {"after": run.cursor})
        keys = [key for (key,) in cursor.fetchall()]
    rows = accounts_of(run, rules).filter(pk__in=keys, pk__gt=run.cursor)
    return list(rows.order_by("pk")[:most])


def accounts_of(run: BillingRun, rules: BillingRules) -> QuerySet[BillingAccount]:
    """The accounts that the run takes at all."""
    rows: QuerySet[BillingAccount] = BillingAccount.objects.all()
    if run.scope == RunScope.ACCOUNT and run.account_id is not None:
        return rows.filter(pk=run.account_id)
    return rows.filter(invoice_rhythm__in=_rhythms(run, rules))


def _rhythms(run: BillingRun, rules: BillingRules) -> Sequence[str]:
    """The rhythms of the run; accounts without one follow the seller's."""
    if run.scope == RunScope.SESSIONS:
        wanted = [InvoiceRhythm.PER_SESSION.value]
    else:
        wanted = [InvoiceRhythm.MONTHLY.value]
        if _ends_quarter(run.period_until_on):
            wanted.append(InvoiceRhythm.QUARTERLY.value)
    return [*wanted, ""] if rules.rhythm in wanted else wanted


def _ends_quarter(day: date) -> bool:
    return day.month in _LAST_OF_QUARTER


def waiting_sessions(rules: BillingRules) -> bool:
    """Whether any account that is invoiced by the session has something unbilled."""
    rhythm = Q(account__invoice_rhythm=InvoiceRhythm.PER_SESSION)
    if rules.rhythm == InvoiceRhythm.PER_SESSION:
        rhythm |= Q(account__invoice_rhythm="")
    rows = BillableItem.objects.filter(
        rhythm, taken_at=None, invoice_items=None, gross__gt=0, gross__gte=rules.minimum_amount
    )
    return rows.exists()
