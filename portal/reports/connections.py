"""Stations by firmware and by how well they kept their connection over the last 30 days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from stations.hardware.models import Station
from stations.sites.models import Site

WINDOW: Final = timedelta(days=30)
BANDS: Final = ((0.999, "ok"), (0.99, "active"), (0.95, "warn"), (0.0, "bad"))
"""Lowest share of the time connected, and the tone."""

# An event holds until the next one of its station. Events are recorded within a day of happening.
_EVENTS: Final = """
SELECT station_id,
  count(*) FILTER (WHERE kind IN ('disconnected', 'replaced')) AS losses,
  coalesce(sum(lasted) FILTER (WHERE kind = 'connected'), 0) AS connected_s,
  coalesce(sum(lasted) FILTER (WHERE kind = 'csms_outage'), 0) AS ours_s,
  min(happened_at) AS first_at,
  (array_agg(kind ORDER BY happened_at, generation, id))[1] AS first_kind
FROM (
  SELECT id, station_id, kind, happened_at, generation, extract(epoch FROM
    lead(happened_at, 1, %(end)s)
      OVER (PARTITION BY station_id ORDER BY happened_at, generation, id) - happened_at) AS lasted
  FROM stations_connectionjournal
  WHERE station_id = ANY(%(stations)s) AND received_at >= %(begin)s
    AND received_at < %(end)s + interval '1 day' AND happened_at >= %(begin)s
    AND happened_at < %(end)s
) event
GROUP BY station_id
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the connection journal of a window tells of one station, in seconds."""

    losses: int
    connected_s: float
    ours_s: float
    first_at: datetime
    first_kind: str


@dataclass(frozen=True, slots=True)
class StationRow:
    """One station: what it runs, and how it kept its connection."""

    station: Station
    is_connected: bool
    losses: int
    connected_share: float | None
    losses_per_day: float | None

    @property
    def band(self) -> float | None:
        """The lowest share of its band; None when nothing is known."""
        share = self.connected_share
        if share is None:
            return None
        return next(lowest for lowest, _tone in BANDS if share >= lowest)


@dataclass(frozen=True, slots=True)
class FirmwareRow:
    """Stations of one maker, model and version."""

    vendor: str
    model: str
    version: str
    stations: int
    connected: int
    losses_per_day: float | None
    connected_share: float | None


@dataclass(frozen=True, slots=True)
class StationsReport:
    """Stations, the worst connected first, and the same by firmware and by band."""

    rows: Sequence[StationRow]
    firmware: Sequence[FirmwareRow]
    bands: Sequence[tuple[float | None, str, int]]


def stations_report(*, now: datetime, site: Site | None = None) -> StationsReport:
    """Stations in use. Time in which we ourselves were away counts for nobody."""
    stations: QuerySet[Station] = Station.objects.select_related("site", "link").filter(
        retired_on=None
    )
    if site is not None:
        stations = stations.filter(site=site)
    found = list(stations.defer("boot_info", "quirks").order_by("name", "id"))
    journal = _journal([station.pk for station in found], now)
    rows = sorted(
        (_row(station, journal.get(station.pk), now) for station in found),
        key=lambda row: 2.0 if row.connected_share is None else row.connected_share,
    )
    counts = Counter(row.band for row in rows)
    bands: list[tuple[float | None, str, int]] = [(low, tone, counts[low]) for low, tone in BANDS]
    if counts[None]:
        bands.append((None, "idle", counts[None]))
    return StationsReport(rows, _by_firmware(rows), bands)


def _journal(stations: list[int], now: datetime) -> dict[int, Kept]:
    parameters: dict[str, Any] = {"stations": stations, "begin": now - WINDOW, "end": now}
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, parameters)
        return {
            pk: Kept(losses, float(connected), float(ours), first_at, first_kind)
            for pk, losses, connected, ours, first_at, first_kind in cursor.fetchall()
        }


def _row(station: Station, kept: Kept | None, now: datetime) -> StationRow:
    link = getattr(station, "link", None)
    is_connected = bool(link and link.is_connected)
    begin = now - WINDOW
    if station.commissioned_on is not None:
        begin = max(begin, datetime.combine(station.commissioned_on, time(), UTC))
    if kept is None:
        known = link is not None and link.generation > 0 and begin < now
        share = (1.0 if is_connected else 0.0) if known else None
        return StationRow(station, is_connected, 0, share, 0.0 if known else None)
    return _measured(station, is_connected, kept, begin, now)


def _measured(
    station: Station, is_connected: bool, kept: Kept, begin: datetime, now: datetime
) -> StationRow:
    """The first event tells what was before it: nothing but a connection can be lost."""
    connected_s = kept.connected_s
    if kept.first_kind == "connected":
        begin = begin if station.commissioned_on is not None else kept.first_at
        begin = min(begin, kept.first_at)
    else:
        begin = min(begin, kept.first_at)
        connected_s += (kept.first_at - begin).total_seconds()
    counted_s = (now - begin).total_seconds() - kept.ours_s
    share = min(connected_s / counted_s, 1.0) if counted_s > 0 else None
    per_day = kept.losses / counted_s * 86_400 if counted_s > 0 else None
    return StationRow(station, is_connected, kept.losses, share, per_day)


def _by_firmware(rows: Sequence[StationRow]) -> list[FirmwareRow]:
    groups: dict[tuple[str, str, str], list[StationRow]] = {}
    for row in rows:
        station = row.station
        key = (station.vendor, station.model, station.firmware_version)
        groups.setdefault(key, []).append(row)
    return [
        FirmwareRow(
            *key,
            stations=len(group),
            connected=sum(row.is_connected for row in group),
            losses_per_day=_mean([row.losses_per_day for row in group]),
            connected_share=_mean([row.connected_share for row in group]),
        )
        for key, group in sorted(groups.items())
    ]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
