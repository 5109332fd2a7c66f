"""Tasks of the configuration."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from stations.configuration import pulling


@shared_task(soft_time_limit=50, time_limit=60)
def follow_configuration() -> None:
    """Book answers, compare what has changed, read and apply after starts of stations."""
    now = timezone.now()
    pulling.book_ended()
    pulling.compare_due(now)
    pulling.read_due(now)
    pulling.apply_due(now)
