"""Stations and EVSEs with their present state, for lists, tiles and the map."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from stations.hardware.models import Connector, Evse, Station
from stations.hardware.severity import WORST_FIRST


def _rank(field: str) -> Case:
    whens = [When(**{field: status}, then=Value(n)) for n, status in enumerate(WORST_FIRST)]
    return Case(*whens, default=Value(2), output_field=IntegerField())


def worst_status(**connectors: Any) -> Coalesce:
    """Expression: the worst status among the connectors that match, else ``unknown``."""
    rows = (
        Connector.objects.filter(retired_on=None, evse__retired_on=None, **connectors)
        .order_by(_rank("status"), "id")
        .values("status")[:1]
    )
    return Coalesce(Subquery(rows), Value("unknown"), output_field=CharField())


def worst_ranks() -> QuerySet[Any]:
    """EVSEs in use with ``rank``: the place in WORST_FIRST of the worst of their connectors."""
    in_use = Q(connectors__retired_on=None, connectors__isnull=False)
    unknown = Value(WORST_FIRST.index("unknown"))
    queryset: QuerySet[Any] = (
        Evse.objects.filter(retired_on=None, station__retired_on=None)
        .order_by()
        .values("pk", "station__site_id")
        .annotate(rank=Coalesce(Min(_rank("connectors__status"), filter=in_use), unknown))
    )
    return queryset


def stations() -> QuerySet[Any]:
    """Stations with site, link and ``worst`` (status of the worst connector)."""
    queryset: QuerySet[Any] = Station.objects.select_related("site", "link").annotate(
        worst=Case(
            When(link__status="faulted", then=Value("faulted")),
            default=worst_status(evse__station=OuterRef("pk")),
            output_field=CharField(),
        ),
        connected=Coalesce("link__is_connected", Value(False)),
        is_away=Case(When(link__is_connected=True, then=Value(False)), default=Value(True)),
        version=Coalesce("link__ocpp_version", Value("")),
        seen=F("link__last_seen_at"),
    )
    return queryset


def working_stations() -> QuerySet[Any]:
    """Stations that are not retired."""
    return stations().filter(retired_on=None)


def evses() -> QuerySet[Any]:
    """EVSEs in use with station, site, link and ``status`` (worst of their connectors)."""
    queryset: QuerySet[Any] = (
        Evse.objects.select_related("station__site", "station__link")
        .filter(retired_on=None, station__retired_on=None)
        .annotate(
            status=worst_status(evse=OuterRef("pk")),
            is_away=Case(
                When(station__link__is_connected=True, then=Value(False)), default=Value(True)
            ),
        )
        .order_by("station__name", "station_id", "number")
    )
    return queryset


def is_offline() -> Q:
    """Condition on stations: no connection now."""
    return Q(link__isnull=True) | Q(link__is_connected=False)


def search(queryset: QuerySet[Station], text: str) -> QuerySet[Station]:
    """Stations whose name, ids, site, maker or serial number contain ``text``."""
    fields = ("name", "public_id", "identity", "site__name", "site__city", "model", "serial_number")
    evses = Evse.objects.filter(public_id__icontains=text).order_by().values("station_id")
    condition = Q(pk__in=evses)
    for field in fields:
        condition |= Q(**{f"{field}__icontains": text})
    return queryset.filter(condition)


def count_of(rows: QuerySet[Any]) -> Coalesce:
    """Expression: how many of ``rows`` (which name the outer row) there are."""
    counted = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), Value(0), output_field=IntegerField())
