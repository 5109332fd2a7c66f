"""Which accounts a run has something to bill for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from billing.accounts.models import BillingAccount, InvoiceRhythm
from billing.invoices.due_facts import CONTRACT, UNBILLED, Window, parameters
from billing.invoices.run_models import BillingRules, BillingRun, RunScope

_LAST_OF_QUARTER = (3, 6, 9, 12)
# Fees are looked at by days alone here: whether a month of one was billed is seen when it is read.
_DUE = f"""
SELECT DISTINCT x.account_id FROM (
  SELECT t.account_id FROM billing_billableitem t
  JOIN billing_ratedsession r ON r.id = t.rated_session_id
  {CONTRACT}
  WHERE t.account_id > %(after)s AND {UNBILLED}
  UNION ALL
  SELECT f.account_id FROM billing_fee f
  WHERE f.operator_id = %(operator)s AND f.account_id > %(after)s
    AND (f.seller_ref = %(seller_ref)s OR f.seller_ref = '' AND %(is_default)s)
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
# What a company's invoice adds to the net is known only when it is made.
_SESSIONS_WAIT = f"""
SELECT EXISTS (
  SELECT FROM billing_billableitem t
  JOIN billing_ratedsession r ON r.id = t.rated_session_id
  JOIN billing_billingaccount a ON a.id = t.account_id
  {CONTRACT}
  WHERE a.invoice_rhythm = ANY(%(rhythms)s) AND t.gross > 0
    AND CASE WHEN a.kind = 'company' THEN t.net ELSE t.gross END >= %(minimum)s AND {UNBILLED})
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
    return _with_default(wanted, rules)


def _with_default(wanted: Sequence[str], rules: BillingRules) -> list[str]:
    return [*wanted, ""] if rules.rhythm in wanted else list(wanted)


def _ends_quarter(day: date) -> bool:
    return day.month in _LAST_OF_QUARTER


def waiting_sessions(rules: BillingRules, window: Window) -> bool:
    """Whether an account that is invoiced by the session has one of the seller's that is due."""
    values = parameters(window) | {
        "rhythms": _with_default([InvoiceRhythm.PER_SESSION.value], rules),
        "minimum": rules.minimum_amount,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS_WAIT, values)
        return bool(cursor.fetchone()[0])
