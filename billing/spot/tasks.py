"""Beat tasks of spot prices."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from billing.spot.entsoe import EntsoeFeed
from billing.spot.pulling import pull_prices
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=240, time_limit=280, ignore_result=True)
def pull_spot_prices() -> None:
    """Fetch the market's prices that are missing; without a token there is nothing to do."""
    if not settings.ENTSOE_TOKEN or not settings.SPOT_AREAS:
        return
    feed = EntsoeFeed(settings.ENTSOE_TOKEN, endpoint=settings.ENTSOE_URL)
    try:
        with across_operators("prices of the market are the same for all operators"):
            pull_prices(feed=feed, areas=settings.SPOT_AREAS, now=timezone.now())
    finally:
        feed.close()
