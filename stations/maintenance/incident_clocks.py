"""Clocks of open work orders beside the incidents that they are about (``INCIDENT_CLOCKS``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.status_words import status_word
from stations.incidents.clocks import Clock
from stations.incidents.models import Incident
from stations.maintenance import lifecycle
from stations.maintenance.models import WorkOrder
from stations.maintenance.selectors import orders, with_clocks
from stations.maintenance.timing import Clocks

Text = str | Promise


class OrderClocks:
    """Until somebody is there, until it works: what still runs or stands still; without a promise
    the order alone."""

    def clocks(self, incidents: Sequence[Incident], now: datetime) -> Mapping[int, list[Clock]]:
        """By the key of the incident; two queries for all of them."""
        found: dict[int, list[Clock]] = {}
        rows = orders().filter(incident__in=incidents, state__in=lifecycle.OPEN)
        for order, both in with_clocks(rows, now):
            if order.incident_id is None:
                continue
            shown = _shown(order, both) or [_clock(order, _("Work order"))]
            found.setdefault(order.incident_id, []).extend(shown)
        return found


def _shown(order: WorkOrder, both: Clocks) -> list[Clock]:
    running = []
    for label, one in ((_("On site"), both.respond), (_("Working again"), both.restore)):
        if one is not None and one.stopped_at is None:
            word = status_word(one.state, "sla")
            running.append(_clock(order, label, due_at=one.due_at, tone=word.tone, text=word.word))
    return running


def _clock(order: WorkOrder, label: Text, **values: Any) -> Clock:
    doing = _("Work order %(number)d: %(state)s") % {
        "number": order.number,
        "state": order.get_state_display(),
    }
    url = reverse("order_detail", args=[order.public_id])
    return Clock(**({"label": label, "due_at": None, "url": url, "doing": doing} | values))


source = OrderClocks()
