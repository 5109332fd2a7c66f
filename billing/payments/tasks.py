"""Tasks of payments, all of them pulled by beat."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.payments.credits import use_credits_due
from billing.payments.matching_services import match_due
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=280, time_limit=300)
def match_payments() -> None:
    """Match new bank transactions, and use customers' credit for what they owe."""
    now = timezone.now()
    with across_operators("bank transactions of every operator are matched"):
        match_due(now=now)
        use_credits_due(now=now)
