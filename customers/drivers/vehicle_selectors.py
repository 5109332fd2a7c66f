"""Reading vehicles."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.drivers.models import Vehicle
from customers.drivers.plate import normalise_plate


def vehicles() -> QuerySet[Vehicle]:
    """All vehicles of the operator in scope with their owners, by number."""
    rows: QuerySet[Vehicle] = Vehicle.objects.select_related("driver__company", "company")
    return rows.order_by("registration_number", "id")


def vehicle_rows() -> QuerySet[Vehicle]:
    """Vehicles with ``token_count``, for lists."""
    counted = (
        Vehicle.objects.filter(pk=OuterRef("pk")).order_by().annotate(n=Count("tokens")).values("n")
    )
    return vehicles().annotate(token_count=Coalesce(Subquery(counted[:1]), 0))


def of_company(ref: str) -> Q:
    """Condition: a company's own vehicles and those of its drivers. ``ref``: its public id."""
    return Q(company__public_id=ref) | Q(company=None, driver__company__public_id=ref)


def search_vehicles(queryset: QuerySet[Vehicle], text: str) -> QuerySet[Vehicle]:
    """Vehicles by number, make, model, driver, company or public id."""
    found = (
        Q(make__icontains=text)
        | Q(model__icontains=text)
        | Q(driver__name__icontains=text)
        | Q(company__name__icontains=text)
        | Q(public_id=text)
    )
    plate = normalise_plate(text)
    if plate:
        found |= Q(registration_number__contains=plate)
    return queryset.filter(found)


def find_vehicle(ref: str) -> Vehicle | None:
    """The vehicle with this number in any spelling, or with this public id."""
    wanted = Q(public_id=ref.strip())
    plate = normalise_plate(ref)
    if plate:
        wanted |= Q(registration_number=plate)
    return vehicles().filter(wanted).first()
