"""Makes outages and days of a station from its journals, only as far back as something changed.

Days are found by pulling: each station has a state with the time of its next turn. A turn looks for
what arrived since the last one, goes back to the earliest instant that any of it concerns, and
makes all days from then on anew. Making everything anew gives the same rows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from core.periods import Period
from stations.hardware.journal_models import ConnectionJournal, CsmsOutage
from stations.hardware.models import Evse, Station
from stations.sessions.models import Session
from stations.uptime.day import CauseFact, DayFigures, cause_of, day_figures, local_day
from stations.uptime.evse_time import OWN, EvseTime
from stations.uptime.figuring import load_facts, time_of
from stations.uptime.loading import (
    EARLIEST,
    TRIES_BACK,
    Place,
    load_causes,
    load_gaps,
    load_place,
    load_received,
    load_tries,
)
from stations.uptime.models import Outage, UptimeDay, UptimeState
from stations.uptime.reports import placed
from stations.uptime.silent import run_began

logger = logging.getLogger(__name__)
TURN: Final = timedelta(minutes=5)
_OVERLAP: Final = timedelta(minutes=10)


def add_states(limit: int) -> int:
    """Give stations that have none a state; their days are made from the beginning."""
    new = Station.objects.filter(uptime_state=None).order_by("pk")[:limit]
    rows = [UptimeState(operator_id=one.operator_id, station_id=one.pk) for one in new]
    UptimeState.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def rebuild_next(*, now: datetime) -> bool:
    """Bring the station up to date that waits longest; False when none is due.

    One that breaks off has its next turn like the others, so it does not hold them up.
    """
    with transaction.atomic():
        state = (
            UptimeState.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(next_at__lte=now)
            .select_related("station__site")
            .order_by("next_at")
            .first()
        )
        if state is None:
            return False
        try:
            rebuild(state=state, now=now)
        except Exception:
            logger.exception("uptime of station %s could not be made", state.pk)
            UptimeState.objects.filter(pk=state.pk).update(next_at=now + TURN)
    return True


@transaction.atomic
def rebuild(*, state: UptimeState, now: datetime, everything: bool = False) -> None:
    """Make the station's outages and days anew from the earliest change until now."""
    place = load_place(state.station)
    anew = everything or state.stamp != place.stamp
    since = None if anew else _changed_since(state, place, now)
    begin = now - EARLIEST if since is None else since
    begin = place.midnight(begin.astimezone(place.zone).date())
    _write(place, begin, now)
    UptimeState.objects.filter(pk=state.pk).update(
        read_until_at=now, dirty_from_at=None, next_at=now + TURN, stamp=place.stamp, rebuilt_at=now
    )


def _changed_since(state: UptimeState, place: Place, now: datetime) -> datetime | None:
    """The earliest instant that anything new concerns; None: everything."""
    if state.read_until_at is None:
        return None
    seen = state.read_until_at - _OVERLAP
    found = [seen - place.conventions.offline_after]
    if state.dirty_from_at is not None:
        found.append(state.dirty_from_at)
    station = state.station_id
    links = ConnectionJournal.objects.filter(station_id=station, received_at__gte=seen)
    found += links.order_by().values_list("happened_at", flat=True)
    outages = CsmsOutage.objects.filter(station_id=station).filter(
        Q(ended_at__gte=seen) | Q(ended_at=None)
    )
    found += outages.order_by().values_list("began_at", flat=True)
    found += _late_statuses(place.station, seen, now)
    found += _failing_since(place, seen)
    return min(found)


def _late_statuses(station: Station, seen: datetime, now: datetime) -> list[datetime]:
    """When new reports count from: their station time only where it can be believed."""
    rows = load_received(station, seen, now)
    if not any(one.station_at is not None and one.station_at < seen for one in rows):
        return []
    gaps, _connected_at = load_gaps(station, seen, now)
    return [one.at for reports in placed(rows, gaps).values() for one in reports]


def _failing_since(place: Place, seen: datetime) -> list[datetime]:
    """New or corrected sessions may show that an EVSE has not delivered for a while, or did: from
    the first failure before them on."""
    if place.conventions.silent_attempts < 1:
        return []
    new = Session.objects.filter(
        Q(reconciled_at__gte=seen) | Q(first_received_at__gte=seen),
        station=place.station,
        first_received_at__gte=seen - TRIES_BACK,
        started_at__isnull=False,
    )
    first = min(new.order_by().values_list("started_at", flat=True), default=None)
    if first is None:
        return []
    tries = load_tries(place, first)
    return [first, *(run_began(one, first) for one in tries.values())]


def _write(place: Place, begin: datetime, now: datetime) -> None:
    facts = load_facts(place, begin, now)
    first = begin.astimezone(place.zone).date()
    UptimeDay.objects.filter(station=place.station, day_on__gte=first).delete()
    carried = _cut_outages(place.station, begin)
    since = min([begin, *(old.began_at for old in carried.values())])
    causes = load_causes(place.station, Period(since, now))
    going_on = {evse for (evse, _kind), old in carried.items() if old.is_counted}
    days: list[UptimeDay] = []
    outages: list[Outage] = []
    for evse in place.evses:
        found = time_of(place, facts, evse, begin, now)
        if found is None:
            continue
        stated = causes.get(evse.pk, [])
        outages += _outages(place, evse, found, stated, carried, now)
        days += _days(place, evse, found, stated, continues=evse.pk in going_on)
    for old in carried.values():
        old.save(update_fields=["ended_at", "cause"])
    Outage.objects.bulk_create(outages, batch_size=2_000)
    UptimeDay.objects.bulk_create(days, batch_size=2_000)


def _cut_outages(station: Station, begin: datetime) -> dict[tuple[int, str], Outage]:
    """Outages from ``begin`` on are made anew; those that reach over it end there, for now."""
    rows = Outage.objects.filter(station=station)
    rows.filter(began_at__gte=begin).delete()
    carried = {}
    for one in rows.filter(Q(ended_at=None) | Q(ended_at__gte=begin)):
        one.ended_at = begin
        carried[one.evse_id, one.kind] = one
    return carried


def _outages(
    place: Place,
    evse: Evse,
    found: EvseTime,
    causes: list[CauseFact],
    carried: dict[tuple[int, str], Outage],
    now: datetime,
) -> Iterator[Outage]:
    for piece in found.pieces:
        period = piece.period
        ended_at = None if period.end >= now else period.end
        old = carried.get((evse.pk, piece.kind))
        if old is not None and old.ended_at == period.start:
            old.ended_at = ended_at
            whole = Period(old.began_at, period.end)
            old.cause = cause_of(whole, piece.kind, causes)
            continue
        yield Outage(
            operator_id=place.station.operator_id,
            site_id=place.station.site_id,
            station=place.station,
            evse=evse,
            kind=piece.kind,
            cause=cause_of(period, piece.kind, causes),
            began_at=period.start,
            ended_at=ended_at,
            error_code=piece.code,
            ref=piece.ref,
            is_counted=piece.kind != OWN or found.own_counts,
        )


def _days(
    place: Place, evse: Evse, found: EvseTime, causes: list[CauseFact], *, continues: bool
) -> Iterator[UptimeDay]:
    closed = place.closed(found.observed)
    on: date = found.observed.start.astimezone(place.zone).date()
    while (day := local_day(on, place.zone)).start < found.observed.end:
        figures = day_figures(found, day, causes, closed, continues=continues)
        yield UptimeDay(
            operator_id=place.station.operator_id,
            site_id=place.station.site_id,
            station=place.station,
            evse=evse,
            day_on=on,
            **_columns(figures),
        )
        on += timedelta(days=1)


def _columns(figures: DayFigures) -> dict[str, Any]:
    return {
        "service_ms": figures.service,
        "unknown_ms": figures.unknown,
        "down_ms": figures.down,
        "excluded_ms": figures.excluded,
        "closed_ms": figures.closed,
        "open_unreliable_ms": figures.open_unreliable,
        "open_unmeasured_ms": figures.open_unmeasured,
        "starts": figures.starts,
        "by_kind": dict(figures.by_kind),
        "by_cause": dict(figures.by_cause),
    }
