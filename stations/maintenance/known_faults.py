"""What drivers are told of known faults: from open work orders, incidents and the site's notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.hardware.models import Evse
from stations.incidents.choices import IncidentKind, Severity
from stations.incidents.models import IS_LIVE, Incident
from stations.maintenance import lifecycle
from stations.maintenance.models import OrderKind, WorkOrder
from stations.maintenance.partner_models import Priority
from stations.maintenance.status_models import SiteStatusPage
from stations.sites.models import Site

_SEEN: Final = (
    IncidentKind.SAFETY, IncidentKind.SITE_DARK, IncidentKind.FAULTED, IncidentKind.UNAVAILABLE,
    IncidentKind.OFFLINE,
)  # fmt: skip
"""What a driver meets too; guesses and trouble behind the scenes are nobody's business."""
_TOLD: Final = (
    ~Q(public_note="")
    | Q(expected_at__isnull=False)
    | Q(kind=OrderKind.REPAIR, priority__in=(Priority.P1, Priority.P2))
)
"""Drivers hear of what somebody wrote for them, and of urgent repairs."""
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class KnownFault:
    """One sentence for drivers. ``where``: the EVSE or station, empty for the whole site."""

    text: str
    where: str
    since_at: datetime | None
    expected_at: datetime | None
    evse_id: int | None = None
    station_id: int | None = None


def known_faults(site: Site, evse: Evse | None = None) -> list[KnownFault]:
    """Those of a site, or those that concern one EVSE; the site's own notice first."""
    now = timezone.now()
    told = list(
        WorkOrder.objects.filter(_TOLD, site=site, state__in=lifecycle.UNREPAIRED)
        .select_related("station", "evse", "incident")
        .order_by("priority", "opened_at", "id")[:MOST]
    )
    found = [*_notice(site, now), *(_of_order(one, now) for one in told)]
    rows = Incident.objects.filter(
        IS_LIVE, site=site, kind__in=_SEEN, parent=None, severity__in=(Severity.P1, Severity.P2)
    ).select_related("station", "evse")
    serious = rows.order_by("severity", "first_symptom_at", "pk")[:MOST]
    found.extend(_of_incident(one) for one in serious if not _is_covered(one, told))
    return [one for one in found if evse is None or _concerns(one, evse)]


def _notice(site: Site, now: datetime) -> list[KnownFault]:
    page = SiteStatusPage.objects.filter(site=site).exclude(notice="").first()
    if page is None or (page.notice_until_at is not None and page.notice_until_at <= now):
        return []
    return [KnownFault(page.notice, "", None, None)]


def _of_order(order: WorkOrder, now: datetime) -> KnownFault:
    incident = order.incident
    expected = order.expected_at
    return KnownFault(
        order.public_note or _("Out of order. It is going to be repaired."),
        _where(order.station, order.evse),
        incident.first_symptom_at if incident is not None else order.opened_at,
        expected if expected is not None and expected > now else None,
        order.evse_id,
        order.station_id,
    )


def _of_incident(incident: Incident) -> KnownFault:
    words = {
        IncidentKind.OFFLINE: _("The station cannot be reached. We know of it."),
        IncidentKind.SITE_DARK: _("None of the stations here can be reached. We know of it."),
    }
    text = words.get(IncidentKind(incident.kind), _("Out of order. We know of the fault."))
    where = _where(incident.station, incident.evse)
    return KnownFault(
        text, where, incident.first_symptom_at, None, incident.evse_id, incident.station_id
    )


def _where(station: object, evse: Evse | None) -> str:
    if evse is not None:
        return evse.public_id or f"{station} {evse.number}"
    return str(station) if station is not None else ""


def _is_covered(incident: Incident, orders: Sequence[WorkOrder]) -> bool:
    return any(
        order.incident_id == incident.pk
        or order.station_id is None
        or (order.station_id == incident.station_id and order.evse_id in (None, incident.evse_id))
        for order in orders
    )


def _concerns(fault: KnownFault, evse: Evse) -> bool:
    return fault.evse_id in (None, evse.pk) and fault.station_id in (None, evse.station_id)
