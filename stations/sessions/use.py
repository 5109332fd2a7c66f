"""How a station was used and could be used, day by day in the zone of its site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from stations.hardware.availability import Away, available_share
from stations.hardware.history import connection_entries, timeline
from stations.hardware.models import Station
from stations.sessions.models import Session

DAY: Final = timedelta(days=1)

# The mean of each hour and session, summed over the sessions of the hour.
_PEAKS: Final = """
SELECT (hour AT TIME ZONE %(zone)s)::date, max(power_w) FROM (
  SELECT hour, sum(mean_w) AS power_w FROM (
    SELECT date_trunc('hour', r.at) AS hour, r.session_id, avg(r.value) AS mean_w
    FROM stations_meterreading r
    WHERE r.session_id = ANY(%(sessions)s) AND r.at >= %(begin)s AND r.at < %(end)s
      AND r.received_at >= %(begin)s AND r.measurand = 'Power.Active.Import' AND r.phase = ''
    GROUP BY 1, 2
  ) each_session GROUP BY hour
) each_hour GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """One day: energy of the sessions that began, the highest hour, share of time usable."""

    day: date
    sessions: int
    energy_wh: Decimal
    peak_w: Decimal | None
    available: float | None


def station_use(station: Station, days: int, now: datetime) -> list[DayOfUse]:
    """The last days up to now, oldest first; six queries whatever the number of rows."""
    zone = ZoneInfo(station.site.time_zone)
    today = now.astimezone(zone).date()
    dates = [today - n * DAY for n in reversed(range(days))]
    begin = datetime.combine(dates[0], time(), zone).astimezone(UTC)
    sessions = _sessions(station, begin, now)
    peaks = _peaks([pk for pk, _at, _energy in sessions], zone, begin, now)
    lanes = [lane for lane in timeline(station, begin, now) if lane.evse_number]
    away = _away(station, begin, now)
    return [_day(day, zone, now, sessions, peaks, lanes, away) for day in dates]


def _day(
    day: date,
    zone: ZoneInfo,
    now: datetime,
    sessions: list[tuple[int, datetime, Decimal]],
    peaks: dict[date, Decimal],
    lanes: list[Any],
    away: list[Away],
) -> DayOfUse:
    own = [energy for _pk, at, energy in sessions if at.astimezone(zone).date() == day]
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    end = min(datetime.combine(day + DAY, time(), zone).astimezone(UTC), now)
    share = available_share([lane.spans for lane in lanes], away, start, end)
    return DayOfUse(day, len(own), sum(own, Decimal()), peaks.get(day), share)


def _sessions(
    station: Station, begin: datetime, now: datetime
) -> list[tuple[int, datetime, Decimal]]:
    rows = Session.objects.filter(
        station=station, started_at__gte=begin, started_at__lt=now
    ).values_list("pk", "started_at", "energy_wh")
    return [(pk, at, energy or Decimal()) for pk, at, energy in rows.order_by("started_at", "pk")]


def _peaks(
    sessions: list[int], zone: ZoneInfo, begin: datetime, end: datetime
) -> dict[date, Decimal]:
    parameters: dict[str, Any] = {
        "sessions": sessions,
        "zone": zone.key,
        "begin": begin,
        "end": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEAKS, parameters)
        return dict(cursor.fetchall())


def _away(station: Station, begin: datetime, end: datetime) -> list[Away]:
    """When the station was not connected, though we were there. What was before the first event
    is told by it: nothing but a connection can be lost."""
    rows = connection_entries(station).filter(received_at__gte=begin - DAY)
    events = [
        (at, kind)
        for at, kind in rows.order_by("happened_at", "id").values_list("happened_at", "kind")
        if begin <= at < end
    ]
    if not events:
        link = getattr(station, "link", None)
        return [] if link is not None and link.is_connected else [Away(begin, end)]
    found = [Away(begin, events[0][0])] if events[0][1] == "connected" else []
    following = [*(at for at, _kind in events[1:]), end]
    for (at, kind), until in zip(events, following, strict=True):
        if kind in ("disconnected", "replaced"):
            found.append(Away(at, until))
    return found
