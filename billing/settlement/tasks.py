"""Tasks of settlement, pulled by beat."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.settlement.services import match_all_payouts, prepare_all
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=280, time_limit=300)
def prepare_statements() -> None:
    """Make drafts of the periods that are over, and make changed ones anew."""
    with across_operators("statements of every operator's hosts are prepared"):
        prepare_all(now=timezone.now())


@shared_task(soft_time_limit=110, time_limit=120)
def match_host_payouts() -> None:
    """Note payments to hosts that the bank's files show."""
    with across_operators("payments to every operator's hosts are matched"):
        match_all_payouts(now=timezone.now())
