"""Tasks of maintenance; they pull what is due, so a missed turn loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.maintenance import planning, unhealed, warning

MOST_PLANS = 500
_WHY = "every operator's orders have clocks"


@shared_task(soft_time_limit=110, time_limit=120)
def follow_clocks() -> None:
    """Note the stages that clocks reached, and tell those who wait for them."""
    with across_operators(_WHY):
        warning.find_warnings(now=timezone.now())
        warning.send_letters(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def order_unhealed() -> None:
    """Make orders for incidents that remedies did not end."""
    with across_operators(_WHY):
        unhealed.order_unhealed(now=timezone.now())


@shared_task(soft_time_limit=110, time_limit=120)
def make_plan_orders() -> None:
    """Look at each plan once a day, and make the orders that are due."""
    with across_operators("plans of every operator make orders"):
        for _turn in range(MOST_PLANS):
            if not planning.make_next(now=timezone.now()):
                return
