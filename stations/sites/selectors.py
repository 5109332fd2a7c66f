"""Reading sites."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from stations.sites.hours import Hours, HoursError, parse_hours
from stations.sites.models import Site
from stations.sites.public_holidays import AHEAD, holidays_between


def sites() -> QuerySet[Site]:
    """All sites of the operator in scope with ``station_count`` (stations in use)."""
    queryset: QuerySet[Site] = Site.objects.all()
    return queryset.annotate(
        station_count=Count("stations", filter=Q(stations__retired_on=None))
    ).order_by("name", "id")


def hours_of(site: Site) -> Hours | None:
    """Opening hours of a site; None where they are not stated."""
    if site.opening_hours is None:
        return None
    try:
        return parse_hours(site.opening_hours)
    except HoursError:
        return None


def holidays_ahead(site: Site) -> dict[date, str]:
    """Public holidays of the site's country for a year from today, today's included, by name."""
    today = timezone.now().astimezone(ZoneInfo(site.time_zone)).date()
    return holidays_between(site.country_code, today, today + AHEAD, get_language() or "en")
