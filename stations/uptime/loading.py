"""Reads the facts of one station for the pure rules, whatever the operator in scope."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from core.periods import Period, Periods
from stations.hardware.choices import ConnectorType
from stations.hardware.journal_models import ConnectionJournal, CsmsOutage, StatusJournal
from stations.hardware.models import Connector, Evse, Station
from stations.sessions.models import Session, SessionState
from stations.sites.models import Site
from stations.sites.public_holidays import holidays_between
from stations.sites.selectors import hours_of
from stations.uptime.conventions import Conventions
from stations.uptime.day import CauseFact
from stations.uptime.links import Gap, LinkFact, gaps_of
from stations.uptime.models import CauseStatement, StatementState, UptimeSetting
from stations.uptime.opening import closed_periods
from stations.uptime.reports import RawReport
from stations.uptime.silent import Try
from stations.uptime.visits import LEAST_WH

LINKS_BACK: Final = timedelta(days=40)
TRIES_BACK: Final = timedelta(days=35)
EARLIEST: Final = timedelta(days=760)
_LAST_REPORTS: Final = 50
_REPORT_FIELDS: Final = (
    "received_at",
    "id",
    "generation",
    "evse_number",
    "connector_number",
    "status",
    "error_code",
    "station_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a station's days are made by besides the journals. ``stamp`` changes with it."""

    station: Station
    zone: ZoneInfo
    evses: tuple[Evse, ...]
    mandatory: dict[int, frozenset[int]]
    conventions: Conventions
    stamp: str

    def service(self, evse: Evse, now: datetime) -> Period | None:
        """From commissioning to retirement, by the site's days; None: not yet or never."""
        rows = (self.station.site, self.station, evse)
        begins = [one.commissioned_on for one in rows if one.commissioned_on]
        ends = [one.retired_on for one in rows if one.retired_on]
        begin = self.midnight(max(begins)) if begins else now - EARLIEST
        end = min([now, *(self.midnight(one) for one in ends)])
        begin = max(begin, now - EARLIEST)
        return Period(begin, end) if begin < end else None

    def midnight(self, on: date) -> datetime:
        """The beginning of a day of the site."""
        return datetime.combine(on, time(), tzinfo=self.zone).astimezone(UTC)

    def closed(self, within: Period) -> Periods:
        """Outside the site's opening hours."""
        site = self.station.site
        hours = hours_of(site)
        first = within.start.astimezone(self.zone).date() - timedelta(days=1)
        last = within.end.astimezone(self.zone).date()
        public = holidays_between(site.country_code, first, last) if hours else {}
        return closed_periods(hours, within, self.zone, set(public))


def load_place(station: Station) -> Place:
    """Site, EVSEs, connectors and conventions of a station."""
    evses = tuple(Evse.objects.filter(station=station, is_confirmed=True).order_by("number"))
    rows = Connector.objects.filter(
        evse__in=evses, connector_type=ConnectorType.CCS2, retired_on=None
    ).values_list("evse__number", "number")
    mandatory: dict[int, set[int]] = {}
    for evse, number in rows:
        mandatory.setdefault(evse, set()).add(number)
    fixed = {number: frozenset(found) for number, found in mandatory.items()}
    conventions = conventions_for(station.operator_id, station.site_id)
    return Place(
        station=station,
        zone=ZoneInfo(station.site.time_zone),
        evses=evses,
        mandatory=fixed,
        conventions=conventions,
        stamp=_stamp(station, evses, fixed, conventions),
    )


def conventions_for(operator_id: int, site_id: int | None) -> Conventions:
    """Those of the site, else of the operator, else the usual ones."""
    rows = UptimeSetting.objects.filter(operator_id=operator_id).filter(
        Q(site=None) | Q(site_id=site_id)
    )
    found = sorted(rows, key=lambda one: one.site_id is not None)
    return found[-1].conventions if found else Conventions()


def _stamp(
    station: Station,
    evses: Iterable[Evse],
    mandatory: dict[int, frozenset[int]],
    conventions: Conventions,
) -> str:
    site = station.site
    dated: list[Site | Station | Evse] = [site, station, *evses]
    parts: list[Any] = [
        site.pk,
        site.time_zone,
        site.country_code,
        site.opening_hours,
        [[str(one.commissioned_on), str(one.retired_on)] for one in dated],
        sorted((number, sorted(one)) for number, one in mandatory.items()),
        conventions.as_dict(),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def load_gaps(
    station: Station, since: datetime, now: datetime
) -> tuple[list[Gap], datetime | None]:
    """The gaps that end after ``since``, and when the station was first connected in that time."""
    journal = ConnectionJournal.objects.filter(station_id=station.pk, received_at__lte=now)
    back = since - LINKS_BACK
    last = journal.filter(received_at__lt=back).order_by("-received_at", "-id")[:10]
    fields = ("happened_at", "generation", "kind", "id", "reason")
    rows = [
        *last.values_list(*fields),
        *journal.filter(received_at__gte=back).order_by().values_list(*fields),
    ]
    facts = [
        LinkFact(at, generation, kind, f"connection:{pk}", reason)
        for at, generation, kind, pk, reason in rows
    ]
    ended = CsmsOutage.objects.filter(station=station, ended_at__isnull=False, ended_at__gte=back)
    back_at = dict(ended.values_list("generation", "ended_at"))
    first = min((fact.at for fact in facts), default=None)
    return gaps_of(facts, back_at, now), first


def load_reports(station: Station, since: datetime, now: datetime) -> list[RawReport]:
    """The reports received since then, and those before that say what was in force."""
    return load_received(station, since, now) + _before(station.pk, since)


def load_received(station: Station, since: datetime, now: datetime) -> list[RawReport]:
    """The reports received since then."""
    rows = StatusJournal.objects.filter(
        station_id=station.pk, received_at__gte=since, received_at__lte=now
    )
    return [RawReport(*row) for row in rows.order_by().values_list(*_REPORT_FIELDS)]


def _before(station_id: int, since: datetime) -> list[RawReport]:
    """The last reports of each connector before an instant."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [station_id, station_id, station_id, since, _LAST_REPORTS])
        return [RawReport(*row) for row in cursor.fetchall()]


_LAST = """
SELECT j.received_at, j.id, j.generation, j.evse_number, j.connector_number, j.status,
  j.error_code, j.station_at
FROM (
  SELECT 0 AS evse_number, 0 AS connector_number
  UNION SELECT 0, 1
  UNION SELECT e.number, c.number FROM stations_evse e JOIN stations_connector c ON c.evse_id = e.id
  WHERE e.station_id = %s
  UNION SELECT e.number, 0 FROM stations_evse e WHERE e.station_id = %s
) place
CROSS JOIN LATERAL (
  SELECT * FROM stations_statusjournal s
  WHERE s.station_id = %s AND s.received_at < %s AND s.evse_number = place.evse_number
    AND s.connector_number = place.connector_number
  ORDER BY s.received_at DESC, s.id DESC LIMIT %s
) j
"""


def load_tries(place: Place, since: datetime) -> dict[int, list[Try]]:
    """Ended sessions by EVSE number, from some weeks before ``since``; where none of these was a
    success, from the last success on."""
    rows = Session.objects.filter(
        station=place.station,
        started_at__isnull=False,
        evse_number__in=[one.number for one in place.evses],
        state=SessionState.ENDED,
    )
    back = since - TRIES_BACK
    found = _tries(rows.filter(first_received_at__gte=back))
    for evse in place.evses:
        if not any(one.succeeded and one.at < since for one in found.get(evse.number, ())):
            found |= _tries(_since_success(rows.filter(evse_number=evse.number), back))
    return found


def _since_success(rows: QuerySet[Session], before: datetime) -> QuerySet[Session]:
    """The last success before an instant, and what came after it."""
    good = rows.filter(first_received_at__lt=before).exclude(energy_wh__lte=LEAST_WH)
    last = good.order_by("-first_received_at").values_list("first_received_at", flat=True).first()
    return rows if last is None else rows.filter(first_received_at__gte=last)


def _tries(rows: QuerySet[Session]) -> dict[int, list[Try]]:
    found: dict[int, list[Try]] = {}
    names = ("evse_number", "started_at", "id_token", "energy_wh", "public_id")
    for number, at, token, energy, ref in rows.order_by().values_list(*names):
        good = energy is None or energy > LEAST_WH
        found.setdefault(number, []).append(Try(at, token, good, f"session:{ref}"))
    return found


def load_causes(station: Station, within: Period) -> dict[int, list[CauseFact]]:
    """Approved statements by EVSE id, the earliest statement first."""
    rows = CauseStatement.objects.filter(
        Q(site_id=station.site_id, station=None) | Q(station=station),
        state=StatementState.APPROVED,
        began_at__lt=within.end,
        ended_at__gt=within.start,
    ).order_by("approved_at", "pk")
    found: dict[int, list[CauseFact]] = {}
    evses = list(Evse.objects.filter(station=station).values_list("pk", flat=True))
    for row in rows:
        fact = CauseFact(Period(row.began_at, row.ended_at), row.cause)
        for pk in evses if row.evse_id is None else [row.evse_id]:
            found.setdefault(pk, []).append(fact)
    return found
