"""Reading work orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.accounts.models import Membership
from core.accounts.permissions import Role
from stations.maintenance import lifecycle
from stations.maintenance.escalation_models import SlaWarning
from stations.maintenance.models import WorkOrder
from stations.maintenance.partner_models import (
    Partner,
    PartnerMember,
    ServiceAgreement,
    WorkCalendar,
)
from stations.maintenance.timing import Clocks, clocks_of
from stations.maintenance.work_models import Checklist


def orders() -> QuerySet[WorkOrder]:
    """All orders of the operator and the places in scope, the latest first."""
    rows: QuerySet[WorkOrder] = WorkOrder.objects.select_related(
        "site",
        "station",
        "evse__station",
        "partner",
        "agreement",
        "assignee__user",
        "incident",
    ).prefetch_related("pauses")
    return rows.order_by("-number", "-id")


def order_or_404(ref: str) -> WorkOrder:
    """One order by its public id."""
    order: WorkOrder = get_object_or_404(orders(), public_id=ref)
    return order


def orders_for(membership: Membership | None) -> QuerySet[WorkOrder]:
    """Orders that a person on site may see: partner technicians those of their own company."""
    rows = orders()
    if membership is None:
        return rows.none()
    own = PartnerMember.objects.filter(membership=membership).first()
    if own is not None:
        return rows.filter(partner_id=own.partner_id)
    return rows.none() if membership.role == Role.PARTNER else rows


def membership_of(request: HttpRequest) -> Membership | None:
    """As whom a person works here."""
    membership: Membership | None = getattr(request, "membership", None)
    return membership


def field_order_or_404(request: HttpRequest, ref: str) -> WorkOrder:
    """An order that the person who asks may work on."""
    order: WorkOrder = get_object_or_404(orders_for(membership_of(request)), public_id=ref)
    return order


def with_clocks(rows: QuerySet[WorkOrder], now: datetime) -> list[tuple[WorkOrder, Clocks]]:
    """Orders with their clocks at an instant."""
    return [(order, clocks_of(order, now)) for order in rows]


def board(rows: QuerySet[WorkOrder], most: int = 300) -> list[tuple[WorkOrder, Clocks]]:
    """The ``most`` open orders whose clock runs out first; those without a clock last."""
    found = with_clocks(
        rows.filter(state__in=lifecycle.OPEN).order_by("priority", "opened_at", "id"),
        timezone.now(),
    )

    def key(row: tuple[WorkOrder, Clocks]) -> tuple[Any, ...]:
        upcoming = row[1].next
        if upcoming is None:
            return (1, row[0].priority, row[0].opened_at)
        return (0, upcoming.left, row[0].opened_at)

    return sorted(found, key=key)[:most]


def warnings() -> QuerySet[SlaWarning]:
    """Warnings of clocks of the orders in scope, the latest first."""
    rows: QuerySet[SlaWarning] = SlaWarning.objects.select_related("order__site")
    return rows.order_by("-at", "-id")


def people() -> QuerySet[Membership]:
    """Members who may be given an order."""
    rows: QuerySet[Membership] = Membership.objects.filter(
        is_active=True,
        user__is_active=True,
        role__in=[Role.TECHNICIAN, Role.CONTROL_ROOM, Role.OWNER, Role.PARTNER],
    ).select_related("user")
    return rows.order_by("user__name", "user__email", "pk")


def partner_people() -> QuerySet[Membership]:
    """Members who may be technicians of a partner."""
    rows: QuerySet[Membership] = Membership.objects.filter(is_active=True, role=Role.PARTNER)
    return rows.select_related("user").order_by("user__name", "user__email", "pk")


def partners() -> QuerySet[Partner]:
    """Partners by name."""
    rows: QuerySet[Partner] = Partner.objects.order_by("name", "id")
    return rows


def calendars() -> QuerySet[WorkCalendar]:
    """Work calendars by name."""
    rows: QuerySet[WorkCalendar] = WorkCalendar.objects.order_by("name", "id")
    return rows


def agreements() -> QuerySet[ServiceAgreement]:
    """Agreements by name, with their times, places and contacts."""
    rows: QuerySet[ServiceAgreement] = ServiceAgreement.objects.select_related(
        "partner", "calendar"
    ).prefetch_related("times", "places__site", "contacts__membership__user")
    return rows.order_by("name", "id")


def all_checklists() -> QuerySet[Checklist]:
    """Checklists by name."""
    rows: QuerySet[Checklist] = Checklist.objects.select_related("hardware_model")
    return rows.order_by("name", "id")
