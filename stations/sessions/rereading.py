"""Reading sessions again, after it became known what their stations get wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import InvalidInput
from stations.hardware.models import Station
from stations.sessions.models import Session


@transaction.atomic
def reread_sessions(*, stations: Iterable[Station], since: datetime, reason: str) -> int:
    """Mark sessions that began to be told since then to be reconciled again; how many.

    What was closed by hand stays closed. An audit entry stands at every station concerned.
    """
    if not reason.strip():
        raise InvalidInput("reason", _("Say why."), field="reason")
    total = 0
    for station in stations:
        rows = Session.objects.filter(station=station, first_received_at__gte=since)
        count = rows.update(reconcile_due=True)
        if count:
            after = {"since": since, "sessions": count}
            record(
                "station.reread",
                station,
                operator_id=station.operator_id,
                after=after,
                reason=reason,
            )
        total += count
    return total
