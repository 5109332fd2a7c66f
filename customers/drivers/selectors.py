"""Reading drivers."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.accounts.models import Operator
from customers.drivers.models import Driver, Vehicle
from customers.drivers.phone import normalise_phone
from customers.drivers.plate import normalise_plate


def drivers() -> QuerySet[Driver]:
    """All drivers of the operator in scope with company, vehicles and sites, by name."""
    return (
        Driver.objects.select_related("company", "operator")
        .prefetch_related(
            "allowed_sites",
            Prefetch("vehicles", Vehicle.objects.order_by("registration_number", "id")),
        )
        .order_by("name", "id")
    )


def driver_rows() -> QuerySet[Driver]:
    """Drivers with ``token_count``, for lists."""
    counted = (
        Driver.objects.filter(pk=OuterRef("pk")).order_by().annotate(n=Count("tokens")).values("n")
    )
    return drivers().annotate(token_count=Coalesce(Subquery(counted[:1]), 0))


def by_phone(text: str, country_code: str) -> Q | None:
    """The condition for drivers with this phone number in any spelling; None for no number."""
    number = normalise_phone(text, country_code)
    return Q(phone_normalised=number) if number else None


def search(queryset: QuerySet[Driver], text: str) -> QuerySet[Driver]:
    """Drivers by name, e-mail, phone, employee number, vehicle, company or public id."""
    found = (
        Q(name__icontains=text)
        | Q(email__icontains=text)
        | Q(employee_number__iexact=text)
        | Q(company__name__icontains=text)
        | Q(public_id=text)
    )
    plate = normalise_plate(text)
    if plate:
        found |= Q(
            pk__in=Vehicle.objects.filter(registration_number__startswith=plate).values("driver_id")
        )
    digits = "".join(filter(str.isdigit, text)).lstrip("0")
    if len(digits) > 4:
        found |= Q(phone_normalised__contains=digits)
    return queryset.filter(found)


def find_drivers(operator: Operator, ref: str) -> list[Driver]:
    """At most two drivers that ``ref`` names exactly: public id, e-mail, phone, employee
    number, vehicle or name."""
    text = ref.strip()
    exact = (
        Q(public_id=text)
        | Q(email__iexact=text)
        | Q(employee_number__iexact=text)
        | Q(name__iexact=text)
    )
    phone = by_phone(text, operator.country_code)
    plate = normalise_plate(text)
    if phone is not None:
        exact |= phone
    if plate:
        exact |= Q(pk__in=Vehicle.objects.filter(registration_number=plate).values("driver_id"))
    return list(drivers().filter(exact)[:2]) if text else []
