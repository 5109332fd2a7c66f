"""Partners, agreements and work orders for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.models import Station
from stations.maintenance import planning, services
from stations.maintenance.escalation_models import EscalationLetter, SlaWarning
from stations.maintenance.models import WorkOrder
from stations.maintenance.partner_models import (
    AgreementTime,
    Partner,
    PartnerMember,
    ServiceAgreement,
    WorkCalendar,
)
from stations.maintenance.plan_models import MaintenancePlan
from tests.factories.core import make_person, number

_WHY = "tests make rows of any operator"
OFFICE = {
    "twentyfourseven": False,
    "regular_hours": [
        {"weekday": day, "period_begin": "08:00", "period_end": "17:00"} for day in range(1, 6)
    ],
    "exceptions": [],
    "public_holidays": [],
}


def make_partner(operator: Operator, **fields: Any) -> Partner:
    """A company that does work on site."""
    n = number()
    values = {"public_id": f"par_{n}", "name": f"Partner {n}"} | fields
    with across_operators(_WHY):
        partner: Partner = Partner.objects.create(operator=operator, **values)
    return partner


def make_partner_person(partner: Partner, **fields: Any) -> User:
    """A technician of a partner."""
    person = make_person(operator=partner.operator, role=Role.PARTNER, **fields)
    with across_operators(_WHY):
        PartnerMember.objects.create(
            operator=partner.operator, partner=partner, membership=person.memberships.get()
        )
    return person


def make_agreement(
    operator: Operator,
    *,
    partner: Partner | None = None,
    respond_min: int | None = 240,
    restore_min: int | None = 1440,
    is_always: bool = True,
    **fields: Any,
) -> ServiceAgreement:
    """An agreement for all sites that promises the same times for P1 to P3."""
    n = number()
    with across_operators(_WHY):
        calendar = WorkCalendar.objects.create(
            operator=operator, public_id=f"cal_{n}", name=f"Office {n}", country_code="SE",
            hours=OFFICE,
        )  # fmt: skip
        values = {
            "public_id": f"agr_{n}", "name": f"Agreement {n}", "valid_from_on": date(2020, 1, 1),
        } | fields  # fmt: skip
        agreement: ServiceAgreement = ServiceAgreement.objects.create(
            operator=operator, partner=partner, calendar=calendar, **values
        )
        for priority in ("P1", "P2", "P3"):
            AgreementTime.objects.create(
                operator=operator, agreement=agreement, priority=priority,
                respond_min=respond_min, restore_min=restore_min, is_always=is_always,
            )  # fmt: skip
    return agreement


def make_order(station: Station, **fields: Any) -> WorkOrder:
    """An order about a station."""
    values = {"title": "Screen is dark", "priority": "P2"} | fields
    with operator_scope(station.operator):
        return services.open_order(
            operator=station.operator, site=station.site, station=station, **values
        )


def make_plan(station: Station, **fields: Any) -> MaintenancePlan:
    """A yearly plan for the site of a station."""
    values = {"name": f"Plan {number()}", "site": station.site, "every_months": 12} | fields
    with operator_scope(station.operator):
        return planning.save_plan(
            operator=station.operator, plan=None, **{"starts_on": date(2026, 1, 1)} | values
        )


def make_letter(order: WorkOrder, **fields: Any) -> EscalationLetter:
    """A letter about a clock of an order, given up."""
    values = {"email": f"desk{number()}@example.com", "language": "en", "state": "failed"} | fields
    with across_operators(_WHY):
        warning = SlaWarning.objects.create(
            operator=order.operator, order=order, clock="respond", stage=80
        )
        letter: EscalationLetter = EscalationLetter.objects.create(
            operator=order.operator, order=order, warning=warning, **values
        )
    return letter
