"""Task of the first line; it pulls what is due, so a missed turn loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.support import telling


@shared_task(soft_time_limit=110, time_limit=120)
def tell_fixed() -> None:
    """Tell callers that what they reported works again."""
    with across_operators("callers of every operator are told"):
        telling.tell_fixed(now=timezone.now())
