"""Tasks of schedules."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.schedules import running
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=840, time_limit=900)
def send_due() -> None:
    """Note what is due, then send what waits."""
    now = timezone.now()
    with across_operators("schedules of every operator are due"):
        running.note_due(now=now)
        running.deliver_waiting(now=now)
