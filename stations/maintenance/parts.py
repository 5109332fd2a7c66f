"""Parts that were put in."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.ids import public_id
from stations.maintenance.log import who
from stations.maintenance.models import WorkOrder
from stations.maintenance.services import locked
from stations.maintenance.work_models import PartUsed


@transaction.atomic
def add_part(*, order: WorkOrder, once: str = "", **values: Any) -> PartUsed:
    """Write down a part that was put in; refused on a closed order. The same ``once`` again
    changes nothing."""
    held = locked(order)
    known = PartUsed.objects.filter(order=held, once=once).first() if once else None
    if known is not None:
        found: PartUsed = known
        return found
    if not held.is_open:
        raise RuleViolation("order_closed", _("The order is closed."))
    part = PartUsed(
        operator_id=held.operator_id,
        order=held,
        public_id=public_id("part"),
        added_by=who(),
        once=once[:40],
        **values,
    )
    part.full_clean(exclude=["operator"])
    part.save()
    record("order.part", held, operator_id=held.operator_id, after=values)
    return part
