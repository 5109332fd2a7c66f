"""Lines in the logs of orders, and who writes them."""

from __future__ import annotations

from datetime import datetime

from core.audit.services import current_actor
from stations.maintenance.models import OrderEntry, WorkOrder


def who() -> str:
    """Who acts now, as rows keep it."""
    return str(current_actor.get().label)[:200]


def write(order: WorkOrder, kind: str, at: datetime, text: str = "", state: str = "") -> OrderEntry:
    """Add a line, in the caller's transaction."""
    entry: OrderEntry = OrderEntry.objects.create(
        operator_id=order.operator_id,
        order=order,
        at=at,
        kind=kind,
        state=state,
        author_label=who(),
        text=text[:2000],
    )
    return entry
