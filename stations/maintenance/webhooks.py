"""Events of work orders for other systems, read from their logs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.webhooks.sources import EventKind, NetworkEvent
from stations.hardware.webhooks import station_data
from stations.maintenance import lifecycle
from stations.maintenance.escalation_models import SlaWarning
from stations.maintenance.models import EntryKind, OrderEntry, WorkOrder

OPENED: Final = "work_order.opened"
ASSIGNED: Final = "work_order.assigned"
RESCHEDULED: Final = "work_order.rescheduled"
STATE: Final = "work_order.state_changed"
CLOSED: Final = "work_order.closed"
WARNED: Final = "work_order.sla_warning"
CHUNK: Final = 500
_ENDS: Final = (lifecycle.CLOSED, lifecycle.CANCELLED)
_KINDS: Final[dict[str, str]] = {
    EntryKind.OPENED: OPENED,
    EntryKind.ASSIGNED: ASSIGNED,
    EntryKind.RESCHEDULED: RESCHEDULED,
}


def order_data(order: WorkOrder) -> dict[str, Any]:
    """How every event tells of its order."""
    return {
        "id": order.public_id,
        "number": order.number,
        "title": order.title,
        "kind": order.kind,
        "priority": order.priority,
        "state": order.state,
        "fault_codes": order.fault_codes,
        "incident": order.incident.public_id if order.incident else None,
        "partner": order.partner.name if order.partner else None,
        "opened_at": order.opened_at,
        "scheduled_at": order.scheduled_at,
        "respond_due_at": order.respond_due_at,
        "restore_due_at": order.restore_due_at,
        "repaired_at": order.repaired_at,
        "closed_at": order.closed_at,
        "resolution": order.resolution,
        "url": settings.PUBLIC_URL + reverse("order_detail", args=[order.public_id]),
    }


SAMPLE: Final = {
    "work_order": {
        "id": "wo_2b6k8m4s1x9z3c7v",
        "number": 118,
        "title": "Screen is dark",
        "kind": "repair",
        "priority": "P2",
        "state": "new",
        "fault_codes": "GroundFailure",
        "incident": "inc_7k3m9q2xw5r8t1vb",
        "partner": "Nordic Charge Service",
        "opened_at": "2026-05-01T12:00:00Z",
        "scheduled_at": None,
        "respond_due_at": "2026-05-01T16:00:00Z",
        "restore_due_at": "2026-05-02T12:00:00Z",
        "repaired_at": None,
        "closed_at": None,
        "resolution": "",
        "url": "https://portal.example/work-orders/wo_2b6k8m4s1x9z3c7v/",
    },
    "site": {"id": "site_4h8n2c6d", "name": "Norra torget"},
    "station": {"id": "cs_5j9p3e7f", "identity": "CP-1", "name": "Norra torget 1"},
}
"""A work order as it might be told, for the templates of webhooks."""
_STEP: Final = {**SAMPLE, "step": "scheduled", "text": "Comes tomorrow"}
_CLOCK: Final = {**SAMPLE, "clock": "respond", "percent": 80, "due_at": "2026-05-01T16:00:00Z"}


def _about(order: WorkOrder) -> dict[str, Any]:
    return {
        "work_order": order_data(order),
        "site": {"id": order.site.public_id, "name": order.site.name},
        "station": station_data(order.station) if order.station else None,
    }


def _kind_of(line: OrderEntry) -> str:
    if line.kind == EntryKind.STATE:
        return CLOSED if line.state in _ENDS else STATE
    return _KINDS.get(line.kind, "")


class OrderEvents:
    """Work orders that are made, given to somebody, put on another day, moved on, ended; promises
    that run out."""

    name = "work_orders"
    kinds = (
        EventKind(OPENED, _("Work order made"), _STEP),
        EventKind(ASSIGNED, _("Work order given to somebody"), _STEP),
        EventKind(RESCHEDULED, _("Another day for a work order"), _STEP),
        EventKind(STATE, _("Work order moved on"), _STEP),
        EventKind(CLOSED, _("Work order closed or cancelled"), _STEP),
        EventKind(WARNED, _("A promised time runs out"), _CLOCK),
    )

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterator[NetworkEvent]:
        """What was written at ``since`` or later; orders as they are when it is read."""
        if {OPENED, ASSIGNED, RESCHEDULED, STATE, CLOSED} & set(kinds):
            yield from _lines(since, operators, kinds)
        if WARNED in kinds:
            yield from _warnings(since, operators)


_ORDER: Final = ("order__site", "order__station", "order__partner", "order__incident")


def _lines(
    since: datetime, operators: Collection[int], kinds: Collection[str]
) -> Iterator[NetworkEvent]:
    rows = OrderEntry.objects.filter(operator_id__in=operators, at__gte=since)
    for line in rows.select_related(*_ORDER).order_by("at", "id").iterator(chunk_size=CHUNK):
        kind = _kind_of(line)
        if kind not in kinds:
            continue
        yield NetworkEvent(
            operator_id=line.operator_id,
            kind=kind,
            key=f"{kind}:{line.pk}",
            happened_at=line.at,
            recorded_at=line.at,
            data=_about(line.order) | {"step": line.state, "text": line.text},
        )


def _warnings(since: datetime, operators: Collection[int]) -> Iterator[NetworkEvent]:
    rows = SlaWarning.objects.filter(operator_id__in=operators, at__gte=since)
    for one in rows.select_related(*_ORDER).order_by("at", "id").iterator(chunk_size=CHUNK):
        yield NetworkEvent(
            operator_id=one.operator_id,
            kind=WARNED,
            key=f"{WARNED}:{one.pk}",
            happened_at=one.at,
            recorded_at=one.at,
            data=_about(one.order)
            | {"clock": one.clock, "percent": one.stage, "due_at": one.due_at},
        )
