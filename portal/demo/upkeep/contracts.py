"""Who repairs the demo's stations, what was promised, and what comes again every year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.accounts.models import Membership, Operator
from core.accounts.permissions import Role
from stations.hardware.models import Station
from stations.maintenance.checklists import save_checklist
from stations.maintenance.models import OrderKind
from stations.maintenance.partner_models import Partner
from stations.maintenance.planning import make_next, save_plan
from stations.maintenance.setup_services import save_agreement, save_calendar, save_partner
from stations.sites.models import Site

_WEEKDAYS: Final = [
    {"weekday": day, "period_begin": "07:00", "period_end": "17:00"} for day in range(1, 6)
]
_HOURS: Final = {
    "twentyfourseven": False, "regular_hours": _WEEKDAYS, "exceptions": [], "public_holidays": [],
}  # fmt: skip
_POINTS: Final = [
    "* Jordfelsbrytare provad",
    "* Kabel och handske hela, utan värmemärken",
    "Filter rengjort",
    "Skärm och kortläsare fungerar",
    "Märkning och skyltar läsbara",
]
_TIMES: Final[dict[str, dict[str, Any]]] = {
    "P1": {"respond_min": 120, "restore_min": 480, "is_always": True},
    "P2": {"respond_min": 240, "restore_min": 960, "is_always": False},
    "P3": {"respond_min": 960, "restore_min": 2880, "is_always": False},
}


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the work: the operator's technician and the partner."""

    own: Membership | None
    partner: Partner


def write_contracts(operator: Operator, now: datetime) -> Crew:
    """Partner, supplier, calendar, agreements over all sites, a checklist and a yearly plan."""
    people = Membership.objects.filter(operator=operator).select_related("user").order_by("pk")
    partner = save_partner(
        operator=operator, partner=None, name="Elkraft Service AB", phone="010-555 02 00",
        email="jour@elkraft.example", people=people.filter(role=Role.PARTNER),
    )  # fmt: skip
    save_partner(
        operator=operator, partner=None, name="Voltmaskin Nordic AB", is_technician=False,
        is_supplier=True, email="support@voltmaskin.example", phone="010-555 03 00",
    )  # fmt: skip
    calendar = save_calendar(
        operator=operator, calendar=None, name="Vardagar 7–17", country_code="SE", hours=_HOURS
    )
    begin = (now - timedelta(days=400)).date()
    told = [
        (80, one.user.email, str(one.user))
        for one in people.filter(role__in=[Role.CONTROL_ROOM, Role.OWNER])
    ]
    sites = list(Site.objects.filter(operator=operator).order_by("pk"))
    half = len(sites) // 2
    save_agreement(
        operator=operator, agreement=None, name="Jour och reparation", partner=partner,
        calendar=calendar, times=_TIMES, sites=sites[:half], contacts=told, valid_from_on=begin,
        monthly_price="14500.00", visit_price="1250.00", currency="SEK",
    )  # fmt: skip
    save_agreement(
        operator=operator, agreement=None, name="Egen drift", calendar=calendar, times=_TIMES,
        sites=sites[half:], contacts=told, valid_from_on=begin,
    )  # fmt: skip
    _plan(operator, partner, now)
    own = people.filter(role=Role.TECHNICIAN).first()
    return Crew(own, partner)


def _plan(operator: Operator, partner: Partner, now: datetime) -> None:
    """A yearly look at the stations of the rarest model, due in ten days: its orders are made."""
    checklist = save_checklist(
        operator=operator, checklist=None, name="Årlig översyn", kind=OrderKind.PREVENTIVE,
        items=_POINTS,
    )  # fmt: skip
    stations = Station.objects.filter(operator=operator, hardware_model__isnull=False)
    models: dict[int, set[int]] = {}
    for model, site in stations.order_by("pk").values_list("hardware_model_id", "site_id"):
        models.setdefault(model, set()).add(site)
    rarest = min(models, key=lambda one: (len(models[one]), one))
    save_plan(
        operator=operator, plan=None, name="Årlig översyn", hardware_model_id=rarest,
        every_months=12, lead_days=14, group_km=60, partner=partner, checklist=checklist,
        starts_on=(now - timedelta(days=355)).date(),
    )  # fmt: skip
    make_next(now=now)
