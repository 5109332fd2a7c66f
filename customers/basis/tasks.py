"""Tasks of charging bases; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.basis import sending


@shared_task(soft_time_limit=110, time_limit=120)
def send_bases() -> None:
    """Send what waits to property managers."""
    with across_operators("bases of every operator are sent"):
        sending.give_up_interrupted(now=timezone.now())
        sending.send_waiting(now=timezone.now())


@shared_task(soft_time_limit=280, time_limit=300)
def freeze_bases() -> None:
    """Freeze the month that ended where that is done by the calendar."""
    with across_operators("bases of every operator are frozen"):
        sending.freeze_due_bases(now=timezone.now())
