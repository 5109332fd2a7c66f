"""What the clock does: plans runs, works on them, and marks what is overdue."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, OperationalError, transaction

from billing.accounts.dated import operator_day
from billing.invoices.candidates import waiting_sessions
from billing.invoices.due_facts import Window
from billing.invoices.models import Invoice, InvoiceState
from billing.invoices.run_models import BillingRules, BillingRun, RunScope, RunState
from billing.invoices.runs import fail_run, plan_run, work_run
from billing.invoices.settling import mark_overdue
from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope

logger = logging.getLogger(__name__)
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
    if not _bills(rules, today) or at_work.exists() or not _sessions_wait(rules, today):
        return False
    plan_run(
        seller=rules.seller, period=(today, today), now=now, scope=RunScope.SESSIONS,
        issues_alone=True,
    )  # fmt: skip
    return True


def _sessions_wait(rules: BillingRules, today: date) -> bool:
    from_on = rules.bills_from_on or date.min
    window = Window(seller=rules.seller, until_on=today, from_on=from_on, fees_from_on=from_on)
    return waiting_sessions(rules, window)


def month_before(day: date) -> tuple[date, date]:
    """First and last day of the month before that of ``day``."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def work_next_runs(*, now: datetime) -> int:
    """Go on with runs that are to be worked on, in the time of one turn together; what another
    worker holds waits for it."""
    end = monotonic() + SECONDS_A_TURN
    runs = list(
        BillingRun.objects.filter(state__in=AT_WORK)
        .select_related("seller__operator")
        .order_by("pk")
    )
    for run in runs:
        _work(run, now=now, seconds=end - monotonic())
    return len(runs)


def _work(run: BillingRun, *, now: datetime, seconds: float) -> None:
    with operator_scope(run.seller.operator):
        try:
            work_run(run, now=now, seconds=seconds)
        except BillingRun.DoesNotExist:
            logger.info("run %s was thrown away meanwhile", run.public_id)
        except (OperationalError, SoftTimeLimitExceeded):
            raise
        except Exception as error:
            # One run that breaks off must not keep the others waiting.
            logger.exception("run %s broke off", run.public_id)
            fail_run(run, f"{type(error).__name__}: {error}")


def mark_all_overdue(*, now: datetime) -> int:
    """Mark overdue invoices of all operators, each by its own day."""
    open_ones = Invoice.objects.filter(state__in=(InvoiceState.ISSUED, InvoiceState.PARTLY_PAID))
    operators = Operator.objects.filter(pk__in=open_ones.order_by().values("operator_id"))
    marked = 0
    for operator in operators:
        with operator_scope(operator):
            marked += mark_overdue(operator_id=operator.pk, today=operator_day(operator, now))
    return marked
