"""Tasks of maintenance; each pulls what is due."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.maintenance import warning

_WHY = "every operator's orders have clocks"


@shared_task(soft_time_limit=110, time_limit=120)
def follow_clocks() -> None:
    """Note the stages that clocks reached, and tell those who wait for them."""
    with across_operators(_WHY):
        warning.find_warnings(now=timezone.now())
        warning.send_letters(now=timezone.now())
