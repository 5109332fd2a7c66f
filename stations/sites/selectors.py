"""Reading sites."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from stations.sites.hours import Hours, HoursError, parse_hours
from stations.sites.models import Site


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
