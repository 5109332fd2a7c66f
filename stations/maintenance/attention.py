"""Work orders that need attention: a promise is broken, or nobody has an urgent one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason, Text
from stations.maintenance import lifecycle
from stations.maintenance.models import WorkOrder
from stations.maintenance.selectors import orders, with_clocks

BROKEN: Final = Reason("order_late", gettext_lazy("Promised time is up"), "bad", "clock-off")
NOBODY: Final = Reason("order_unassigned", gettext_lazy("Nobody has it"), "warn", "user")
_URGENT: Final = ("P1", "P2")


class OrderAttention:
    """Two queries: orders that are not repaired, and the pauses of their clocks."""

    permission = Permission.ORDER_VIEW
    reasons = (BROKEN, NOBODY)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """One for each order, the worse reason."""
        for order, clocks in with_clocks(orders().filter(state__in=lifecycle.UNREPAIRED), now):
            late = [
                one
                for one in (clocks.restore, clocks.respond)
                if one is not None and one.stopped_at is None and one.is_breached
            ]
            if late:
                text = gettext_lazy("Somebody should have been there, or it should work, by now.")
                yield _concern(BROKEN, order, text, late[0].due_at)
            elif order.assignee is None and order.partner is None and order.priority in _URGENT:
                text = gettext_lazy("Neither a technician nor a partner has this urgent order.")
                yield _concern(NOBODY, order, text, order.opened_at)


def _concern(reason: Reason, order: WorkOrder, text: Text, since: datetime | None) -> Concern:
    return Concern(
        reason=reason,
        subject=str(order),
        text=text,
        since_at=since,
        url=reverse("order_detail", args=[order.public_id]),
        place_ref=order.site.public_id,
        place=order.site.name,
    )


source = OrderAttention()
