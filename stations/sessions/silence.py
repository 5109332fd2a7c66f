"""EVSEs that have been without a session for unusually long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any, Final

from django.db.models import Count, Max, Min, QuerySet

from core.remembering import remembered
from core.tenancy.managers import current_operator_id
from core.tenancy.places import current_places
from stations.hardware.models import Evse
from stations.sessions.habit import WINDOW, Habit, unusual_silence
from stations.sessions.models import Session

KEPT_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Silence:
    """One EVSE that is quiet: for how long, and how long is usual between two sessions."""

    name: str
    station_ref: str
    site_ref: str
    site: str
    since_at: datetime
    length: timedelta
    gap: timedelta


def silences(now: datetime) -> list[Silence]:
    """Quiet EVSEs in use; two queries, and one more when the habits were not counted lately."""
    quiet = {
        pk: (habit, length)
        for pk, habit in _habits(now).items()
        if (length := unusual_silence(habit, now)) is not None
    }
    if not quiet:
        return []
    heard = Session.objects.filter(
        evse__in=quiet, first_received_at__gt=now - timedelta(seconds=2 * KEPT_SECONDS)
    )
    again = set(heard.order_by().values_list("evse_id", flat=True))
    evses = Evse.objects.filter(
        pk__in=set(quiet) - again, retired_on=None, station__retired_on=None
    ).select_related("station__site")
    return [_silence(evse, *quiet[evse.pk]) for evse in evses.order_by("pk")]


def _silence(evse: Evse, habit: Habit, length: timedelta) -> Silence:
    station = evse.station
    return Silence(
        name=evse.public_id or f"{station} / {evse.number}",
        station_ref=station.public_id,
        site_ref=station.site.public_id,
        site=station.site.name,
        since_at=habit.last_at,
        length=length,
        gap=habit.gap or timedelta(),
    )


def _habits(now: datetime) -> dict[int, Habit]:
    """Habits by EVSE. They change slowly and take a walk over a month, so they are kept a while."""
    places = current_places()
    scope = "all" if places is None else ",".join(map(str, sorted(places)))
    key = blake2s(f"{current_operator_id()}:{scope}".encode()).hexdigest()
    found: dict[int, Habit] = remembered(f"habits:{key}", KEPT_SECONDS, lambda: _count(now))
    return found


def _count(now: datetime) -> dict[int, Habit]:
    rows: QuerySet[Any] = (
        Session.objects.filter(first_received_at__gte=now - WINDOW, evse__isnull=False)
        .order_by()
        .values("evse_id")
        .annotate(count=Count("pk"), first=Min("first_received_at"), last=Max("first_received_at"))
    )
    return {row["evse_id"]: Habit(row["count"], row["first"], row["last"]) for row in rows}
