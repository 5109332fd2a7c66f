"""Tasks of tariffs; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.tariffs import notice_sending
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=110, time_limit=120)
def send_price_notices() -> None:
    """Address the notices that are due, and send the letters that wait."""
    with across_operators("price notices of every operator are sent"):
        notice_sending.address_due(timezone.now())
        notice_sending.send_due(timezone.now())
