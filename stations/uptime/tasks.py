"""Tasks of uptime; they pull the stations whose days are due."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.uptime import rebuilding

BUDGET_S = 40.0
NEW_STATIONS = 200


@shared_task(soft_time_limit=110, time_limit=120)
def rebuild_due() -> None:
    """Bring days of uptime up to date, for at most some seconds; the next turn goes on."""
    until = time.monotonic() + BUDGET_S
    with across_operators("days of every operator's stations are made"):
        rebuilding.add_states(NEW_STATIONS)
        while time.monotonic() < until and rebuilding.rebuild_next(now=timezone.now()):
            pass
