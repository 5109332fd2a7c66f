"""Working time on orders."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.errors import RuleViolation
from stations.maintenance.field_models import TimeKind, WorkTime
from stations.maintenance.models import WorkOrder
from stations.maintenance.services import locked


@transaction.atomic
def add_time(
    *, order: WorkOrder, worked_on: date, minutes: int, kind: str = TimeKind.WORK, once: str = ""
) -> WorkTime:
    """Note minutes that the actor spent on an open order. The same ``once`` again changes
    nothing."""
    held = locked(order)
    known = WorkTime.objects.filter(order=held, once=once).first() if once else None
    if known is not None:
        found: WorkTime = known
        return found
    if not held.is_open:
        raise RuleViolation("order_closed", _("The order is closed."))
    actor = current_actor.get()
    row = WorkTime(
        operator_id=held.operator_id,
        order=held,
        kind=kind,
        worked_on=worked_on,
        minutes=minutes,
        person_id=actor.id if actor.kind == ActorKind.PERSON else None,
        person_label=actor.label[:200],
        once=once[:40],
    )
    row.full_clean(exclude=["operator"])
    row.save()
    record(
        "order.time",
        held,
        operator_id=held.operator_id,
        after={"kind": kind, "worked_on": str(worked_on), "minutes": minutes},
    )
    return row
