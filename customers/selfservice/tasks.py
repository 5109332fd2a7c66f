"""Task of the customer portal; it pulls what waits, so a missed turn loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.selfservice import mailing


@shared_task(soft_time_limit=110, time_limit=120)
def send_customer_invitations() -> None:
    """Send the invitations of customers that wait."""
    with across_operators("customers of every operator are invited"):
        mailing.send_due(timezone.now())
