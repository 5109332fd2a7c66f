"""Clocks of open work orders beside the incidents that they are about (``INCIDENT_CLOCKS``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.status_words import status_word
from stations.incidents.clocks import Clock
from stations.incidents.models import Incident
from stations.maintenance import lifecycle
from stations.maintenance.selectors import orders, with_clocks


class OrderClocks:
    """Until somebody is there, until it works: what still runs or stands still."""

    def clocks(self, incidents: Sequence[Incident], now: datetime) -> Mapping[int, list[Clock]]:
        """By the key of the incident; two queries for all of them."""
        found: dict[int, list[Clock]] = {}
        rows = orders().filter(incident__in=incidents, state__in=lifecycle.OPEN)
        for order, both in with_clocks(rows, now):
            for label, one in ((_("On site"), both.respond), (_("Working again"), both.restore)):
                if one is not None and one.stopped_at is None and order.incident_id is not None:
                    word = status_word(one.state, "sla")
                    shown = Clock(
                        label=label, due_at=one.due_at, tone=word.tone, text=word.word,
                        url=reverse("order_detail", args=[order.public_id]),
                    )  # fmt: skip
                    found.setdefault(order.incident_id, []).append(shown)
        return found


source = OrderClocks()
