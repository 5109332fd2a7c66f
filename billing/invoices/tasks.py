"""Tasks of invoicing; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.invoices.clock import mark_all_overdue, plan_due_runs, work_next_runs
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=280, time_limit=300)
def work_runs() -> None:
    """Go on with the runs whose drafts are to be made or issued."""
    with across_operators("runs of every operator are worked on"):
        work_next_runs(now=timezone.now())


@shared_task(soft_time_limit=110, time_limit=120)
def plan_runs() -> None:
    """Begin the runs that the calendar asks for."""
    with across_operators("runs of every operator are planned"):
        plan_due_runs(now=timezone.now())


@shared_task(soft_time_limit=110, time_limit=120)
def mark_overdue() -> None:
    """Mark what was due before today and is open."""
    with across_operators("invoices of every operator fall due"):
        mark_all_overdue(now=timezone.now())
