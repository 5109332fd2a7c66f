"""Reading sites."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from stations.sites.models import Site


def sites() -> QuerySet[Site]:
    """All sites of the operator in scope with ``station_count`` (stations in use)."""
    queryset: QuerySet[Site] = Site.objects.all()
    return queryset.annotate(
        station_count=Count("stations", filter=Q(stations__retired_on=None))
    ).order_by("name", "id")
