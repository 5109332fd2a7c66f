"""Tasks of rating and review; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.rating import following
from billing.rating.pinning import pin_live_sessions
from billing.rating.stopping import stop_beyond_credit
from billing.rating.telling import tell_costs
from billing.review import services
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=110, time_limit=120)
def rate_due() -> None:
    """Rate sessions that ended or changed, and pin the tariff of those that run."""
    now = timezone.now()
    with across_operators("sessions of every operator are rated"):
        pin_live_sessions(now=now)
        services.rate_due(now=now)


@shared_task(soft_time_limit=110, time_limit=120)
def retry_held() -> None:
    """Try again what was held for a tariff, an account or a price that may be there now."""
    with across_operators("held sessions of every operator are tried again"):
        services.retry_held(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def follow_costs() -> None:
    """Note what running sessions have cost so far, and tell stations that show it."""
    with across_operators("running sessions of every operator are followed"):
        following.follow_costs(now=timezone.now())
        tell_costs(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def stop_at_limits() -> None:
    """Stop sessions that have reached the credit limit of the account that pays."""
    with across_operators("running sessions of every operator are held against their limits"):
        stop_beyond_credit(now=timezone.now())
