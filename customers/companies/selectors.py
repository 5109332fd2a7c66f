"""Reading companies."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.companies.models import Company
from customers.companies.organisation_number import digits_of


def companies() -> QuerySet[Company]:
    """All companies of the operator in scope, with their sites, by name."""
    return Company.objects.prefetch_related("allowed_sites").order_by("name", "id")


def company_rows() -> QuerySet[Company]:
    """Companies with ``driver_count``, for lists."""
    drivers = (
        Company.objects.filter(pk=OuterRef("pk"))
        .order_by()
        .annotate(n=Count("drivers"))
        .values("n")
    )
    return companies().annotate(driver_count=Coalesce(Subquery(drivers[:1]), 0))


def find_company(ref: str) -> Company | None:
    """The company with this public id, organisation number or exact name; None if not one."""
    text = ref.strip()
    found: list[Company] = list(
        Company.objects.filter(
            Q(public_id=text)
            | Q(name__iexact=text)
            | (Q(organisation_number=digits_of(text)) & ~Q(organisation_number=""))
        )[:2]
    )
    return found[0] if len(found) == 1 else None


def search(queryset: QuerySet[Company], text: str) -> QuerySet[Company]:
    """Companies by name, organisation number, contact or public id."""
    found = (
        Q(name__icontains=text)
        | Q(contact_name__icontains=text)
        | Q(contact_email__icontains=text)
        | Q(public_id=text)
    )
    digits = digits_of(text)
    if len(digits) > 3:
        found |= Q(organisation_number__startswith=digits)
    return queryset.filter(found)
