"""Tasks of the composition itself: those of the demo."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.demo.books.story import advance


@shared_task(soft_time_limit=570, time_limit=600)
def tell_demo_books() -> None:
    """Invoice, pay and close the demo's past, as far as its sessions have a price."""
    while advance(now=timezone.now()):
        continue
