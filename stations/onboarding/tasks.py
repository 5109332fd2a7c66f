"""Tasks of new stations."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.onboarding import services


@shared_task(soft_time_limit=50, time_limit=60)
def purge_drafts() -> None:
    """Drop what nobody finished, and secrets that were seen."""
    with across_operators("drafts of every operator are cleaned up"):
        services.purge_drafts(now=timezone.now())
