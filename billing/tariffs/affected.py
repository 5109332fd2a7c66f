"""Whether a change with a start in the past would change what sessions cost."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from billing.tariffs.models import Tariff, TariffAssignment, VersionState
from stations.sessions.models import Session


def sessions_priced_since(tariff: Tariff, start: datetime, now: datetime) -> bool:
    """Whether a session began after ``start`` where the tariff was in force already.

    What waits for a price that was to be announced has none yet, so it does not count.
    """
    if not _is_price_known(tariff, start, now):
        return False
    return any(
        sessions_of(row).filter(started_at__gte=max(start, row.valid_from_at)).exists()
        for row in overlapping(tariff.assignments.all(), start, now)
    )


def _is_price_known(tariff: Tariff, start: datetime, now: datetime) -> bool:
    """Whether a version that was in force from ``start`` to ``now`` told its price."""
    published = tariff.versions.filter(state=VersionState.PUBLISHED, takes_effect_at__lt=now)
    first = published.filter(takes_effect_at__lte=start).order_by("-takes_effect_at").first()
    in_force = published.filter(takes_effect_at__gte=first.takes_effect_at if first else start)
    return any(
        not document.get("extras", {}).get("announced_afterwards")
        for document in in_force.values_list("document", flat=True)
    )


def sessions_of(row: TariffAssignment) -> QuerySet[Session]:
    """The sessions at the place of an assignment."""
    found: QuerySet[Session] = Session.objects.order_by()
    if row.evse_id is not None:
        return found.filter(evse=row.evse_id)
    if row.station_id is not None:
        return found.filter(station=row.station_id)
    if row.site_id is not None:
        return found.filter(station__site=row.site_id)
    return found


def overlapping(
    rows: QuerySet[TariffAssignment], start: datetime, end: datetime | None
) -> QuerySet[TariffAssignment]:
    """Assignments that hold at some time from ``start`` until before ``end`` (None: for ever)."""
    found = rows.filter(Q(valid_to_at=None) | Q(valid_to_at__gt=start))
    return found if end is None else found.filter(valid_from_at__lt=end)
