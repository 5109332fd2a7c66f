"""Reading rated sessions."""

from __future__ import annotations

from django.db.models import F, QuerySet

from billing.rating.models import PriceLine, PricePeriod, RatedSession


def rated_sessions() -> QuerySet[RatedSession]:
    """Current prices of the operator in scope, the newest first, with what lists show."""
    rows: QuerySet[RatedSession] = RatedSession.objects.filter(is_current=True)
    return rows.select_related(
        "session", "site", "station", "account", "tariff_version__tariff", "session__billing"
    ).order_by("-stopped_at", "-id")


def revisions() -> QuerySet[RatedSession]:
    """All revisions, for pages of one."""
    rows: QuerySet[RatedSession] = RatedSession.objects.select_related(
        "session__station__site",
        "session__evse",
        "session__billing",
        "site",
        "station",
        "account",
        "tariff_version__tariff",
    )
    return rows


def lines(rated: RatedSession) -> QuerySet[PriceLine]:
    """Price lines in their order."""
    return PriceLine.objects.filter(rated_session=rated).order_by("position")


def periods(rated: RatedSession) -> QuerySet[PricePeriod]:
    """Price periods in the order of time."""
    return PricePeriod.objects.filter(rated_session=rated).order_by("position")


def in_revenue() -> QuerySet[RatedSession]:
    """Prices that count as revenue: rated, and neither held nor waived."""
    rows: QuerySet[RatedSession] = RatedSession.objects.filter(
        is_current=True, session__billing__state="rated"
    )
    return rows.annotate(state=F("session__billing__state"))
