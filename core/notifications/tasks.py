"""Tasks of notifications; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.notifications import delivery, finding
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=110, time_limit=120)
def find_notifications() -> None:
    """Look for events of every operator."""
    finding.find_all(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=280)
def deliver_notifications() -> None:
    """Send what is due."""
    with across_operators("people of every operator are written to"):
        delivery.deliver_due(now=timezone.now())


@shared_task(soft_time_limit=240, time_limit=280)
def forget_notifications() -> None:
    """Delete old notifications."""
    with across_operators("notifications of every operator grow old"):
        delivery.forget_old(now=timezone.now())
