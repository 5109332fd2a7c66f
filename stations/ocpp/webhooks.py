"""Events of connections that were refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.webhooks.sources import EventKind, NetworkEvent
from stations.ocpp.knocks import in_words
from stations.ocpp.models import Knock

KNOCKED: Final = "station.knocked"


class KnockEvents:
    """Stations that knocked: told once a day for each identity and reason.

    An identity that nobody has belongs to no operator, so each is told, as on the page.
    """

    name = "knocks"
    kinds = (EventKind(KNOCKED, _("Station knocked and was refused")),)

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterator[NetworkEvent]:
        """Knocks of ``since`` and later that nobody has dismissed."""
        rows = (
            Knock.objects.filter(Q(station=None) | Q(station__operator_id__in=operators))
            .filter(last_at__gte=since, dismissed_at=None)
            .select_related("station")
            .order_by("last_at", "id")
        )
        for knock in rows:
            owners = operators if knock.station is None else [knock.station.operator_id]
            for operator_id in owners:
                yield _event(knock, operator_id)


def _event(knock: Knock, operator_id: int) -> NetworkEvent:
    return NetworkEvent(
        operator_id=operator_id,
        kind=KNOCKED,
        key=f"{KNOCKED}:{knock.pk}:{knock.last_at:%Y-%m-%d}",
        happened_at=knock.last_at,
        recorded_at=knock.last_at,
        data={
            "identity": knock.identity,
            "is_known": knock.station is not None,
            "reason": knock.reason,
            "reason_text": in_words(knock.reason),
            "remote_address": knock.remote_address,
            "attempts": knock.attempts,
        },
    )
