"""Tasks of guests, pulled by beat."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from customers.guests.codes import make_codes
from customers.guests.settling import follow_due


@shared_task(soft_time_limit=110, time_limit=120)
def follow_guests() -> None:
    """Take guests' visits on: what was paid, what began, what ended."""
    with across_operators("guests of every operator are followed"):
        follow_due(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def make_guest_codes() -> None:
    """Give every connector in use its code."""
    with across_operators("connectors of every operator get codes"):
        make_codes()
