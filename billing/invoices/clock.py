"""What the clock does: plans runs, works on them, and marks what is overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from billing.accounts.dated import operator_day
from billing.invoices.candidates import waiting_sessions
from billing.invoices.models import Invoice, InvoiceState
from billing.invoices.run_models import BillingRules, BillingRun, RunScope, RunState
from billing.invoices.runs import plan_run, work_run
from billing.invoices.settling import mark_overdue
from billing.sellers.models import Seller
from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope

AT_WORK: Final = (RunState.PLANNED, RunState.RUNNING)
SECONDS_A_TURN: Final = 240


def plan_due_runs(*, now: datetime) -> int:
    """Begin the run of the month that ended, once, on its day, and runs of accounts that are
    invoiced by the session when anything waits. Returns how many began."""
    begun = 0
    rows = BillingRules.objects.filter(runs_alone=True, seller__retired_on=None)
    for rules in rows.select_related("seller__operator"):
        with operator_scope(rules.seller.operator):
            begun += _plan_month(rules, now) + _plan_sessions(rules, now)
    return begun


def _plan_month(rules: BillingRules, now: datetime) -> bool:
    today = operator_day(rules.seller.operator, now)
    first, last = month_before(today)
    key = f"month:{first:%Y-%m}"
    if today.day < rules.run_day or not _bills(rules, last):
        return False
    if BillingRun.objects.filter(seller=rules.seller, schedule_key=key).exists():
        return False
    try:
        with transaction.atomic():
            plan_run(
                seller=rules.seller, period=(first, last), now=now,
                issues_alone=rules.issues_alone, schedule_key=key,
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def _bills(rules: BillingRules, last: date) -> bool:
    return rules.bills_from_on is None or rules.bills_from_on <= last


def _plan_sessions(rules: BillingRules, now: datetime) -> bool:
    today = operator_day(rules.seller.operator, now)
    at_work = BillingRun.objects.filter(
        seller=rules.seller, scope=RunScope.SESSIONS, state__in=AT_WORK
    )
    if not _bills(rules, today) or at_work.exists() or not waiting_sessions(rules):
        return False
    plan_run(
        seller=rules.seller, period=(today, today), now=now, scope=RunScope.SESSIONS,
        issues_alone=True,
    )  # fmt: skip
    return True


def month_before(day: date) -> tuple[date, date]:
    """First and last day of the month before that of ``day``."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def work_next_runs(*, now: datetime) -> int:
    """Go on with runs that are to be worked on; what another worker holds waits for it."""
    worked = 0
    for key in list(
        BillingRun.objects.filter(state__in=AT_WORK).order_by("pk").values_list("pk", flat=True)
    ):
        run = BillingRun.objects.select_related("seller__operator").get(pk=key)
        with operator_scope(run.seller.operator):
            work_run(run, now=now, seconds=SECONDS_A_TURN)
        worked += 1
    return worked


def mark_all_overdue(*, now: datetime) -> int:
    """Mark overdue invoices of all operators, each by its own day."""
    open_ones = Invoice.objects.filter(state__in=(InvoiceState.ISSUED, InvoiceState.PARTLY_PAID))
    operators = Operator.objects.filter(pk__in=open_ones.order_by().values("operator_id"))
    marked = 0
    for operator in operators:
        with operator_scope(operator):
            marked += mark_overdue(operator_id=operator.pk, today=operator_day(operator, now))
    return marked


def sellers() -> list[Seller]:
    """Sellers that may have runs."""
    return list(Seller.objects.filter(retired_on=None).order_by("-is_default", "name"))
