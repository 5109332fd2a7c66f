"""Making a work order from an incident."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from stations.incidents.models import Incident
from stations.incidents.words import explained
from stations.maintenance import lifecycle, services
from stations.maintenance.models import OrderSource, WorkOrder


def words_of(incident: Incident) -> tuple[str, str]:
    """Title and description of its order, in the operator's language whoever makes it: technicians
    and partners read them."""
    with translation.override(incident.operator.language):
        title = incident.summary or str(incident.get_kind_display())
        return title[:160], str(explained(incident))[:4000]


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
    title, description = words_of(held)
    return services.open_order(
        operator=held.operator,
        site=held.site,
        station=held.station,
        evse=held.evse,
        title=title,
        description=description,
        priority=held.severity.upper(),
        fault_codes=held.error_code,
        incident=held,
        source=OrderSource.INCIDENT,
        source_ref=held.public_id,
    )
