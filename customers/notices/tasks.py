"""Task of notices to payers; it pulls what is new, so a missed turn loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.notices import services


@shared_task(soft_time_limit=110, time_limit=120)
def tell_payers() -> None:
    """Tell payers of payments that failed, cards that end and new invoices."""
    with across_operators("payers of every operator are told"):
        services.tell_payers(now=timezone.now())
