"""Making a work order from an incident."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from stations.incidents.models import Incident
from stations.incidents.words import explained
from stations.maintenance import lifecycle, services
from stations.maintenance.models import OrderSource, WorkOrder


@transaction.atomic
def order_of_incident(*, incident: Incident) -> WorkOrder:
    """An order with what the incident tells. While it has an open one, that is returned, so that
    two clicks make one; refuses an incident that is over."""
    held: Incident = (
        Incident.objects.select_for_update(of=("self",))
        .select_related("operator", "site", "station", "evse__station")
        .get(pk=incident.pk)
    )
    found: WorkOrder | None = held.work_orders.filter(state__in=lifecycle.OPEN).first()
    if found is not None:
        return found
    if not held.is_live:
        raise RuleViolation("incident_over", _("The incident is over; nothing is to be done."))
    return services.open_order(
        operator=held.operator,
        site=held.site,
        station=held.station,
        evse=held.evse,
        title=(held.summary or held.get_kind_display())[:160],
        description=explained(held)[:4000],
        priority=held.severity.upper(),
        fault_codes=held.error_code,
        incident=held,
        source=OrderSource.INCIDENT,
        source_ref=held.public_id,
    )
