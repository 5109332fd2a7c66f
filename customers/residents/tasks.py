"""Task of the register: it pulls who moved out, so a missed turn loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.residents import final_bills


@shared_task(soft_time_limit=110, time_limit=120)
def make_final_bills() -> None:
    """Begin the last billing runs of residents who moved out."""
    with across_operators("residents of every operator move out"):
        final_bills.make_final_bills(now=timezone.now())
