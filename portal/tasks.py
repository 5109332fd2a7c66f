"""Tasks of the composition itself: those of the demo."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.invoices.delivery_tasks import make_invoice_files
from core.soon import soon
from portal.demo.books.story import advance


@shared_task(soft_time_limit=570, time_limit=600)
def tell_demo_books() -> None:
    """Invoice, pay and close the demo's past, as far as its sessions have a price."""
    is_told = False
    while advance(now=timezone.now()):
        is_told = True
    if is_told:
        # Its invoices are of the past, which only the hourly turn looks at.
        soon(make_invoice_files, True)
