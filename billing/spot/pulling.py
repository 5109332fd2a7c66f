"""Fetching what is missing of the market's prices."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from billing.spot import services
from billing.spot.entsoe import FeedError, PriceFeed
from billing.spot.models import SpotImport, SpotKind, SpotSource
from billing.spot.plans import plan_of
from billing.spot.quarters import MARKET_ZONE
from billing.spot.selectors import is_complete
from core.errors import RuleViolation

logger = logging.getLogger(__name__)
PUBLISHED_HOUR: Final = 13
"""Prices of tomorrow are published about 12:45 CET/CEST."""
BACK_DAYS: Final = 3


def pull_prices(*, feed: PriceFeed, areas: Iterable[str], now: datetime) -> int:
    """Fetch each day of an area that is not complete, and store it whole; how many were stored.

    A day that cannot be had, or that is wrong, is left for the next turn and logged.
    """
    stored = 0
    for area in areas:
        for day in wanted_days(now):
            if is_complete(area=area, day=day):
                continue
            try:
                stored += _pull(feed, area, day)
            except (FeedError, RuleViolation) as error:
                logger.warning("No spot prices of %s for %s: %s", area, day, error)
    return stored


def wanted_days(now: datetime) -> Iterator[date]:
    """The last days, today, and tomorrow when it is published."""
    local = now.astimezone(MARKET_ZONE)
    ahead = 1 if local.hour >= PUBLISHED_HOUR else 0
    for shift in range(-BACK_DAYS, ahead + 1):
        yield local.date() + timedelta(days=shift)


def _pull(feed: PriceFeed, area: str, day: date) -> int:
    raw = feed.day_ahead(area, day)
    if raw is None:
        return 0
    return store_market_file(raw=raw, name=f"{area}-{day}.xml", area=area, source=SpotSource.ENTSOE)


def store_market_file(
    *, raw: bytes, name: str, area: str = "", kind: str = SpotKind.PRICES, source: str
) -> int:
    """Store a file for all operators, or raise RuleViolation and store nothing; how many rows
    are new or changed."""
    plan = plan_of(SpotImport(operator=None, kind=kind, area=area, original=raw))
    if plan.problems:
        more = f" (+{len(plan.problems) - 1})" if len(plan.problems) > 1 else ""
        raise RuleViolation("wrong_rows", plan.problems[0].reason + more)
    if not plan.is_good:
        return 0
    run = services.begin(operator=None, kind=kind, name=name, raw=raw, area=area, source=source)
    result = services.commit(run=run, shown=plan.digest, replaces=True, reason="published anew")
    return len(result.plan.new) + len(result.plan.changed)
