"""How much of each hour of the week the EVSEs were occupied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from portal.reports.hours import Bucket, Hour, InUse, week
from stations.hardware.models import Evse, Station
from stations.sites.models import Site

DAY: Final = timedelta(days=1)
LONGEST_STAY: Final = timedelta(days=30)
"""A session that began longer before the period is not looked for."""

# Hours begin where those of the zone do, also in zones that are half an hour off.
_BUCKETS: Final = """
SELECT time_zone, hour, sum(extract(epoch FROM
         least(ended_at, hour + interval '1 hour') - greatest(began_at, hour)))
FROM (
  SELECT site.time_zone, greatest(s.started_at, %(begin)s) AS began_at,
    least(%(until)s, coalesce(s.stopped_at,
      CASE WHEN s.state = 'active' THEN %(until)s ELSE s.last_fact_at END)) AS ended_at
  FROM stations_session s
  JOIN stations_station station ON station.id = s.station_id
  JOIN stations_site site ON site.id = station.site_id
  WHERE s.operator_id = ANY(%(operators)s) AND s.station_id = ANY(%(stations)s)
    AND s.started_at >= %(earliest)s AND s.started_at < %(until)s
) stay
CROSS JOIN LATERAL generate_series(
  date_bin('1 hour', began_at, '2000-01-01'::timestamp AT TIME ZONE time_zone),
  ended_at - interval '1 microsecond', '1 hour') AS hour
WHERE ended_at > began_at
GROUP BY time_zone, hour
"""


@dataclass(frozen=True, slots=True)
class UtilisationReport:
    """The hours of the week, and over how many EVSEs."""

    hours: list[Hour]
    evses: int

    @property
    def total(self) -> Hour:
        """All hours together."""
        occupied = sum(hour.occupied_s for hour in self.hours)
        return Hour(0, 0, occupied, sum(hour.available_s for hour in self.hours))


def utilisation_report(
    *,
    from_on: date,
    to_on: date,
    now: datetime,
    site: Site | None = None,
    station: Station | None = None,
) -> UtilisationReport:
    """Occupied is from plugging in to plugging out; a day that lasts is counted up to now."""
    stations = Station.objects.all()
    if site is not None:
        stations = stations.filter(site=site)
    if station is not None:
        stations = stations.filter(pk=station.pk)
    in_use, evses = _in_use(stations, from_on, to_on)
    buckets = _buckets(stations, from_on, to_on, now)
    return UtilisationReport(week(in_use, buckets, from_on, to_on, now), evses)


def _in_use(stations: QuerySet[Station], from_on: date, to_on: date) -> tuple[list[InUse], int]:
    """EVSEs by the days of the period on which they were there."""
    rows = Evse.objects.filter(station__in=stations).values_list(
        "station__site__time_zone",
        "commissioned_on",
        "station__commissioned_on",
        "retired_on",
        "station__retired_on",
    )
    counts: Counter[tuple[str, date, date]] = Counter()
    for zone, *limits in rows.order_by():
        begin = max([from_on, *(day for day in limits[:2] if day)])
        end = min([to_on, *(day - DAY for day in limits[2:] if day)])
        if begin <= end:
            counts[zone, begin, end] += 1
    return [InUse(*key, count) for key, count in sorted(counts.items())], counts.total()


def _buckets(
    stations: QuerySet[Station], from_on: date, to_on: date, now: datetime
) -> list[Bucket]:
    """Occupied seconds by zone and hour; a day more at both ends for the zones."""
    pairs = list(stations.order_by().values_list("pk", "operator_id"))
    begin = datetime.combine(from_on - DAY, time(), UTC)
    parameters: dict[str, Any] = {
        "stations": [pk for pk, _operator in pairs],
        "operators": sorted({operator for _pk, operator in pairs}),
        "begin": begin,
        "until": min(datetime.combine(to_on + 2 * DAY, time(), UTC), now),
        "earliest": begin - LONGEST_STAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BUCKETS, parameters)
        return [Bucket(zone, at, float(seconds)) for zone, at, seconds in cursor.fetchall()]
