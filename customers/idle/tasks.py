"""Task of idle notices; it pulls what is due, so a missed turn loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.idle import services


@shared_task(soft_time_limit=110, time_limit=120)
def tell_idle_drivers() -> None:
    """Tell drivers that charging has ended, and warn of the fee."""
    with across_operators("drivers of every operator are told of idle time"):
        services.tell_idle_drivers(now=timezone.now())
