"""Tasks of dunning, all of them pulled by beat."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.dunning.services import send_letters
from billing.dunning.stepping import lift_blocks, take_due_steps
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=580, time_limit=600)
def take_steps() -> None:
    """Take the steps of today and send their letters."""
    now = timezone.now()
    with across_operators("late invoices of every operator are followed up"):
        take_due_steps(now=now)
        send_letters(now=now)


@shared_task(soft_time_limit=50, time_limit=60)
def lift_settled() -> None:
    """Let accounts charge again that have paid what was overdue."""
    with across_operators("blocked accounts of every operator are let go once they have paid"):
        lift_blocks(now=timezone.now())
