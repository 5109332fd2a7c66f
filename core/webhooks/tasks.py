"""Tasks of webhooks; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from core.webhooks import collecting, delivering, services


@shared_task(soft_time_limit=110, time_limit=120)
def collect_events() -> None:
    """Read from the journals what endpoints want to hear of."""
    with across_operators("events of every operator are told"):
        collecting.collect_events(now=timezone.now())


@shared_task(soft_time_limit=170, time_limit=180)
def deliver_due() -> None:
    """Send deliveries that are due."""
    with across_operators("deliveries of every operator are sent"):
        delivering.deliver_due(now=timezone.now())


@shared_task(soft_time_limit=110, time_limit=120)
def drop_old() -> None:
    """Forget events that are two months old."""
    with across_operators("events of every operator grow old"):
        services.drop_old(now=timezone.now())
