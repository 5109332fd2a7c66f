"""Tasks of the search."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.search.filling import fill_all


@shared_task(soft_time_limit=50, time_limit=60)
def fill_search() -> None:
    """Make what was written on hot paths findable."""
    fill_all(now=timezone.now())
