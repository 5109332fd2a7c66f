"""Tasks of the API."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.api.idempotency import drop_expired
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=50, time_limit=60)
def drop_idempotent_calls() -> None:
    """Forget the answers of calls that are a day old."""
    with across_operators("answers of every operator expire"):
        drop_expired(now=timezone.now())
