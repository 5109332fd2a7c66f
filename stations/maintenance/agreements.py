"""Which agreement holds for a site on a day, and what it promises."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from stations.maintenance.partner_models import (
    AgreementTime,
    Partner,
    ServiceAgreement,
    WorkCalendar,
)
from stations.sites.models import Site


def covers(agreement: ServiceAgreement, site: Site) -> int:
    """How exactly an agreement covers a site: 3 by name, 2 by its area, 1 with all sites, 0 not."""
    named = {one.site_id for one in agreement.places.all()}
    if site.pk in named:
        return 3
    area = areas_of(agreement.area)
    code = site.postal_code.replace(" ", "").upper()
    if code and any(code.startswith(part) for part in area):
        return 2
    return 0 if named or area else 1


def areas_of(text: str) -> list[str]:
    """Beginnings of postal codes, as they are compared."""
    return [part for part in (one.replace(" ", "").upper() for one in text.split(",")) if part]


def agreement_for(
    site: Site, on: date, priority: str, partner: Partner | None = None
) -> ServiceAgreement | None:
    """The agreement that covers the site most exactly on that day and promises something for the
    priority; of ``partner`` alone where one is named."""
    rows = ServiceAgreement.objects.filter(
        Q(valid_until_on=None) | Q(valid_until_on__gte=on),
        valid_from_on__lte=on,
        times__priority=priority,
    )
    if partner is not None:
        rows = rows.filter(partner=partner)
    found = [
        (covers(one, site), one)
        for one in rows.select_related("partner").prefetch_related("places").order_by("name", "id")
    ]
    best = max((rank for rank, _one in found), default=0)
    return next((one for rank, one in found if rank == best), None) if best else None


def terms_of(agreement: ServiceAgreement | None, priority: str) -> dict[str, Any]:
    """What an order keeps of an agreement (``clocks.Terms``); nothing where none is promised."""
    if agreement is None:
        return {}
    time = AgreementTime.objects.filter(agreement=agreement, priority=priority).first()
    if time is None or (time.respond_min is None and time.restore_min is None):
        return {}
    terms: dict[str, Any] = {"respond_min": time.respond_min, "restore_min": time.restore_min}
    if not time.is_always:
        calendar: WorkCalendar = agreement.calendar
        terms |= {
            "hours": calendar.hours,
            "zone": calendar.time_zone,
            "country": calendar.country_code,
        }
    return terms
