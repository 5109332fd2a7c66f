"""What people on site see: their orders by day, where they are, and the state of a station."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.status_words import status_word
from stations.hardware.models import Evse, Station
from stations.hardware.selectors import evses
from stations.maintenance import lifecycle
from stations.maintenance.models import WorkOrder
from stations.maintenance.navigation import Way, way_to
from stations.maintenance.selectors import board, membership_of, orders_for
from stations.maintenance.timing import Clocks
from stations.sites.models import Site

Row = tuple[WorkOrder, Clocks]


@dataclass(slots=True)
class Days:
    """Open orders: of today and overdue ones, those without a day, and later ones."""

    today: list[Row] = field(default_factory=list)
    unplanned: list[Row] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)


def by_day(rows: list[Row], now: datetime) -> Days:
    """Orders on which somebody is at work belong to today, whatever was planned."""
    today, found = timezone.localtime(now).date(), Days()
    for row in rows:
        order = row[0]
        at = order.scheduled_at
        if order.state in (lifecycle.EN_ROUTE, lifecycle.ON_SITE):
            found.today.append(row)
        elif at is None:
            found.unplanned.append(row)
        elif timezone.localtime(at).date() <= today:
            found.today.append(row)
        else:
            found.later.append(row)
    found.today.sort(key=lambda row: row[0].scheduled_at or now)
    found.later.sort(key=lambda row: row[0].scheduled_at or now)
    return found


def field_rows(request: HttpRequest, *, is_mine: bool) -> list[Row]:
    """Open orders that the reader may work on, or those that are the reader's own."""
    membership = membership_of(request)
    rows = orders_for(membership)
    return board(rows.filter(assignee=membership) if is_mine else rows)


def orders_at(rows: QuerySet[WorkOrder], station: Station) -> list[WorkOrder]:
    """Open orders among the reader's about a station or its whole site."""
    here = Q(station=station) | Q(station=None, site_id=station.site_id)
    return list(rows.filter(here, state__in=lifecycle.OPEN)[:50])


def way_of(site: Site) -> Way | None:
    """How to get to a site."""
    address = ", ".join(one for one in (site.address, f"{site.postal_code} {site.city}") if one)
    return way_to(latitude=site.latitude, longitude=site.longitude, name=site.name, address=address)


def markers(rows: list[Row]) -> list[dict[str, Any]]:
    """A marker a site, with the most urgent order's page; the list beside holds all of them."""
    found: dict[int, dict[str, Any]] = {}
    for order, _clocks in rows:
        site = order.site
        if site.latitude is None or site.longitude is None:
            continue
        if site.pk in found:
            found[site.pk]["note"] += f" · {order}"
            continue
        word = status_word(order.state, "order")
        found[site.pk] = {
            "id": order.public_id,
            "name": site.name,
            "latitude": float(site.latitude),
            "longitude": float(site.longitude),
            "url": reverse("field_detail", args=[order.public_id]),
            "tone": word.tone,
            "icon": word.icon,
            "word": str(word.word),
            "note": str(order),
        }
    return list(found.values())


def evses_of(order: WorkOrder) -> list[Evse]:
    """The EVSEs of the order's station, or of its whole site, as they are now."""
    rows = evses().select_related("station__link").filter(retired_on=None)
    if order.station_id is not None:
        return list(rows.filter(station_id=order.station_id)[:100])
    return list(rows.filter(station__site_id=order.site_id, station__retired_on=None)[:100])
