"""What an order writes into its incident: that it was made, and that the repair ended it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from stations.incidents import services as incidents
from stations.incidents.choices import EventKind, Resolution
from stations.incidents.timeline import write
from stations.maintenance import lifecycle
from stations.maintenance.models import WorkOrder


def note_order(order: WorkOrder, now: datetime) -> None:
    """The line in the incident's timeline; refuses an incident of another site."""
    if order.incident is None:
        return
    if order.incident.site_id != order.site_id:
        raise InvalidInput(
            "incident_elsewhere", _("This incident is at another site."), field="incident"
        )
    text = _("%(number)d %(title)s") % {"number": order.number, "title": order.title}
    write(order.incident, EventKind.ORDER, at=now, text=text, ref=f"order:{order.public_id}")


def end_incident(order: WorkOrder, now: datetime) -> None:
    """What was repaired and verified ends its incident, unless another order of it is open; a
    rule that still finds the trouble opens it again. One that the station ended by reporting well
    while somebody was there is credited to the order."""
    incident = order.incident
    if incident is None or now < incident.first_symptom_at:
        return
    incident.refresh_from_db()
    if not incident.is_live:
        if order.responded_at is not None:
            text = _("Repaired by work order %(number)d.") % {"number": order.number}
            incidents.credit_order(incident=incident, since=order.responded_at, text=text)
        return
    others = incident.work_orders.filter(state__in=lifecycle.UNREPAIRED).exclude(pk=order.pk)
    if others.exists():
        return
    restored = order.repaired_at or now
    incidents.resolve(
        incident=incident,
        how=Resolution.WORK_ORDER,
        restored_at=min(max(restored, incident.first_symptom_at), now),
        now=now,
    )
