"""Checklists: which one an order gets, and its points."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from stations.hardware.models import Station
from stations.maintenance.log import who
from stations.maintenance.models import WorkOrder
from stations.maintenance.names import refuse_taken
from stations.maintenance.work_models import Checklist, CheckResult, OrderCheck

MOST_ITEMS = 60


def checklist_for(kind: str, station: Station | None) -> Checklist | None:
    """The most exact list: of model and kind, of the model, of the kind, of neither."""
    model = station.hardware_model_id if station else None
    rows = Checklist.objects.filter(
        Q(hardware_model=None) | Q(hardware_model=model), Q(kind="") | Q(kind=kind)
    )
    return max(
        rows.order_by("name", "id"),
        key=lambda one: (one.hardware_model_id is not None, one.kind != ""),
        default=None,
    )


def copy_checklist(
    order: WorkOrder, station: Station | None, chosen: Checklist | None = None
) -> None:
    """Give an order the points of its checklist, as they are now."""
    found = chosen or checklist_for(order.kind, station)
    if found is None:
        return
    OrderCheck.objects.filter(order=order, result="").delete()
    OrderCheck.objects.bulk_create(
        OrderCheck(
            operator_id=order.operator_id,
            order=order,
            position=position,
            text=text.lstrip("* ")[:200],
            is_required=text.startswith("*"),
        )
        for position, text in enumerate(found.items, start=1)
    )


@transaction.atomic
def set_check(*, order: WorkOrder, position: int, result: str, note: str = "") -> OrderCheck:
    """Say what came of a point; refused on a closed order. The same again changes nothing."""
    if not order.is_open:
        raise RuleViolation("order_closed", _("The order is closed."))
    point: OrderCheck | None = (
        OrderCheck.objects.select_for_update().filter(order=order, position=position).first()
    )
    if point is None or result not in CheckResult.values:
        raise InvalidInput("check", _("There is no such point."), field="result")
    if (point.result, point.note) != (result, note.strip()):
        point.result, point.note = result, note.strip()[:200]
        point.done_at = timezone.now() if result else None
        point.done_by = who() if result else ""
        point.save()
        record(
            "order.check",
            order,
            operator_id=order.operator_id,
            after={"point": point.text, "result": result, "note": point.note},
        )
    return point


@transaction.atomic
def save_checklist(
    *, operator: Operator, checklist: Checklist | None, items: list[str], **values: Any
) -> Checklist:
    """Make or change a checklist; orders that have their points keep them. Refuses a name that is
    taken."""
    points = [one.strip() for one in items if one.strip()]
    if not points or len(points) > MOST_ITEMS:
        raise InvalidInput("items", _("Write one to 60 points, one a line."), field="items")
    row = checklist or Checklist(operator=operator, public_id=public_id("chk"))
    before, after = apply_changes(row, values | {"items": points})
    row.full_clean(exclude=["operator"])
    refuse_taken(row)
    row.save()
    record(
        "checklist.change" if checklist else "checklist.create",
        row,
        operator_id=operator.pk,
        before={name: str(value) for name, value in before.items()} if checklist else {},
        after={name: str(value) for name, value in after.items()},
    )
    return row
