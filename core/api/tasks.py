"""Tasks of the API."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.api.idempotency import drop_expired
from core.api.requestlog import drop_old_requests, store_requests
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=50, time_limit=60)
def drop_idempotent_calls() -> None:
    """Forget the answers of calls that are a day old."""
    with across_operators("answers of every operator expire"):
        drop_expired(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def store_api_requests() -> None:
    """Store the requests that were noted since."""
    with across_operators("the log holds requests of every operator"):
        store_requests()


@shared_task(soft_time_limit=50, time_limit=60)
def drop_api_requests() -> None:
    """Forget requests that are older than a month."""
    with across_operators("requests of every operator grow old"):
        drop_old_requests(now=timezone.now())
