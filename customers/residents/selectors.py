"""Reading bays and residents."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from billing.accounts.dated import LATEST_FIRST, holding_on
from customers.residents.models import Bay, Resident
from stations.sites.models import Site


def residents() -> QuerySet[Resident]:
    """All residents of the operator in scope with what their rows show, by site and apartment."""
    rows: QuerySet[Resident] = Resident.objects.select_related("site", "bay", "driver", "account")
    return rows.order_by("site__name", "apartment", "name", "id")


def residents_of(bay: Bay) -> QuerySet[Resident]:
    """Who was, is and will be in a bay, the latest first."""
    return residents().filter(bay=bay).order_by(LATEST_FIRST, "-id")


def bays() -> QuerySet[Bay]:
    """All bays of the operator in scope, by site and name."""
    rows: QuerySet[Bay] = Bay.objects.select_related("site", "evse__station")
    return rows.order_by("site__name", "name", "id")


def bay_rows(today: date) -> QuerySet[Bay]:
    """Bays with ``resident_name`` and ``resident_ref`` of who is there today, for lists."""
    there = (
        Resident.objects.filter(bay=OuterRef("pk"))
        .filter(holding_on(today))
        .order_by("valid_from_on", "id")
    )
    return bays().annotate(
        resident_name=Subquery(there.values("name")[:1]),
        resident_ref=Subquery(there.values("public_id")[:1]),
        resident_apartment=Subquery(there.values("apartment")[:1]),
    )


def site_day(site: Site, at: datetime | None = None) -> date:
    """The day of an instant (now) at the site."""
    return (at or timezone.now()).astimezone(ZoneInfo(site.time_zone)).date()


def search(queryset: QuerySet[Resident], text: str) -> QuerySet[Resident]:
    """Residents by a part of name, object, apartment, bay, address, phone or site."""
    for word in text.split()[:8]:
        queryset = queryset.filter(
            Q(name__icontains=word)
            | Q(object_number__istartswith=word)
            | Q(apartment__istartswith=word)
            | Q(bay__name__istartswith=word)
            | Q(email__icontains=word)
            | Q(phone__icontains=word)
            | Q(site__name__icontains=word)
            | Q(public_id=word)
        )
    return queryset


def uids_of(resident: Resident) -> str:
    """The numbers of the resident's cards, as files have them."""
    if resident.driver is None:
        return ""
    return ", ".join(sorted(token.uid for token in resident.driver.tokens.all()))
