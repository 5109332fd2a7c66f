"""Reads what the modules of EV-ChART are made of, within the operator and sites in scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone

from core.periods import Period, Periods, union
from stations.hardware.models import Evse
from stations.sessions.models import MeterReading, Session, SessionState
from stations.sites.models import Site
from stations.sites.public_holidays import holidays_between
from stations.sites.selectors import hours_of
from stations.uptime.day import CauseFact, local_day
from stations.uptime.evchart.modules import (
    MOST_ID,
    Piece,
    PortIds,
    SessionFacts,
    pieces_of,
    uptime_of,
    within,
)
from stations.uptime.evchart.quarters import Quarter
from stations.uptime.models import CauseStatement, Outage, StatementState, UptimeDay
from stations.uptime.nevi import NeviUptime
from stations.uptime.opening import closed_periods
from stations.uptime.visits import Attempt

CHUNK: Final = 500
_PAYMENTS: Final = {
    "guest": "CREDIT_CARD",
    "ISO14443": "RFID",
    "ISO15693": "RFID",
    "eMAID": "PLUG_AND_CHARGE",
    "MacAddress": "PLUG_AND_CHARGE",
    "Central": "APP",
    "KeyCode": "KEY_CODE",
    "DirectPayment": "CREDIT_CARD",
    "NoAuthorization": "FREE",
}


@dataclass(frozen=True, slots=True)
class PortQuarter:
    """A port: twelve months of it, the pieces of its outages in the quarter, and the stored
    outages that they come from."""

    evse: Evse
    ids: PortIds
    year: Period
    figures: NeviUptime
    pieces: Sequence[Piece]
    outages: Sequence[Outage] = field(repr=False, default=())
    notes: Sequence[tuple[Period, str]] = field(repr=False, default=())

    def sources(self, piece: Piece) -> list[Outage]:
        """The outages that a piece is part of."""
        now = timezone.now()
        return [
            one
            for one in self.outages
            if one.began_at < piece.period.end and (one.ended_at or now) > piece.period.start
        ]

    def note(self, piece: Piece) -> str:
        """Why the piece is excluded, as it was stated."""
        return next((text for period, text in self.notes if period.holds(piece.period.start)), "")


def evses_of(site: Site | None) -> QuerySet[Evse]:
    """The ports in scope, in the order of the files."""
    rows = Evse.objects.filter(is_confirmed=True).select_related("station__site")
    rows = rows if site is None else rows.filter(station__site=site)
    return rows.order_by("station__site__name", "station__name", "number", "pk")


def ids_of(evse: Evse, provider: str) -> PortIds:
    """What names a port in the files."""
    own = f"{evse.station.public_id}-{evse.number}"
    named = evse.public_id if evse.public_id and len(evse.public_id) <= MOST_ID else own
    return PortIds(evse.station.site.public_id, named, provider, evse.station.public_id)


def port_quarters(
    *, quarter: Quarter, provider: str, site: Site | None = None, now: datetime | None = None
) -> list[PortQuarter]:
    """Every port that was in service in the twelve months until the quarter's end."""
    now = now or timezone.now()
    evses = list(evses_of(site))
    first = quarter.year_from_on
    outages = _outages(site, first, quarter.until_on)
    served = _served(site, first, quarter.until_on)
    stated = _statements(evses, first, quarter.until_on)
    closed: dict[int, Periods] = {}
    found = []
    for evse in evses:
        if evse.pk not in served:
            continue
        place = evse.station.site
        zone = ZoneInfo(place.time_zone)
        year = Period(local_day(first, zone).start, min(local_day(quarter.until_on, zone).end, now))
        if place.pk not in closed:
            closed[place.pk] = _closed(place, year, zone)
        rows = outages.get(evse.pk, [])
        down = union(Period(one.began_at, max(one.ended_at or now, one.began_at)) for one in rows)
        texts = stated.get(evse.pk, [])
        pieces = pieces_of(down, [fact for fact, _text in texts], closed[place.pk])
        part = Period(local_day(quarter.from_on, zone).start, year.end)
        found.append(
            PortQuarter(
                evse=evse,
                ids=ids_of(evse, provider),
                year=year,
                figures=uptime_of(pieces, year, served[evse.pk]),
                pieces=within(pieces, part),
                outages=rows,
                notes=[(fact.period, text) for fact, text in reversed(texts)],
            )
        )
    return found


def _outages(site: Site | None, first: date, last: date) -> dict[int, list[Outage]]:
    """Outages that count, by EVSE, generously about the days asked for."""
    begin, end = _about(first, last)
    rows = Outage.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=begin), is_counted=True, began_at__lt=end
    )
    rows = rows if site is None else rows.filter(site=site)
    found: dict[int, list[Outage]] = {}
    for one in rows.order_by("began_at", "pk").iterator():
        found.setdefault(one.evse_id, []).append(one)
    return found


def _served(site: Site | None, first: date, last: date) -> dict[int, timedelta]:
    rows = UptimeDay.objects.filter(day_on__gte=first, day_on__lte=last)
    rows = rows if site is None else rows.filter(site=site)
    sums: Any = rows.values("evse").annotate(spent=Sum("service_ms")).order_by()
    return {one["evse"]: timedelta(milliseconds=one["spent"]) for one in sums}


def _statements(
    evses: Sequence[Evse], first: date, last: date
) -> dict[int, list[tuple[CauseFact, str]]]:
    """Approved causes by EVSE with what was stated, the earliest approval first."""
    begin, end = _about(first, last)
    rows = CauseStatement.objects.filter(
        state=StatementState.APPROVED, began_at__lt=end, ended_at__gt=begin
    ).order_by("approved_at", "pk")
    places: dict[tuple[str, int], list[int]] = {}
    for evse in evses:
        for key in (
            ("evse", evse.pk),
            ("station", evse.station_id),
            ("site", evse.station.site_id),
        ):
            places.setdefault(key, []).append(evse.pk)
    found: dict[int, list[tuple[CauseFact, str]]] = {}
    for row in rows:
        fact = CauseFact(Period(row.began_at, row.ended_at), row.cause)
        text = f"{row.reason} {row.evidence}".strip()
        for pk in places.get(_place_of(row), ()):
            found.setdefault(pk, []).append((fact, text))
    return found


def _place_of(row: CauseStatement) -> tuple[str, int]:
    if row.evse_id is not None:
        return "evse", row.evse_id
    return ("site", row.site_id) if row.station_id is None else ("station", row.station_id)


def _closed(site: Site, year: Period, zone: ZoneInfo) -> Periods:
    hours = hours_of(site)
    if not hours:
        return ()
    first = year.start.astimezone(zone).date() - timedelta(days=1)
    public = holidays_between(site.country_code, first, year.end.astimezone(zone).date())
    return closed_periods(hours, year, zone, set(public))


def _about(first: date, last: date) -> tuple[datetime, datetime]:
    begin = local_day(first, ZoneInfo("UTC")).start - timedelta(days=1)
    return begin, local_day(last, ZoneInfo("UTC")).end + timedelta(days=1)


def sessions_of(quarter: Quarter, site: Site | None) -> QuerySet[Session]:
    """Ended sessions that began in the quarter, by the days of each site."""
    begin, end = _about(quarter.from_on, quarter.until_on)
    rows = Session.objects.filter(
        state=SessionState.ENDED,
        started_at__gte=begin,
        started_at__lt=end,
        stopped_at__isnull=False,
        energy_wh__isnull=False,
        evse__is_confirmed=True,
    )
    return rows if site is None else rows.filter(station__site=site)


def session_facts(
    *, quarter: Quarter, site: Site | None = None
) -> Iterator[tuple[int, SessionFacts]]:
    """EVSE and facts of each session; their highest power is read some hundred at a time."""
    rows = sessions_of(quarter, site).select_related("station__site").order_by("pk").iterator(CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        inside = [one for one in chunk if _is_inside(one, quarter)]
        peaks = _peaks(inside)
        for one in inside:
            if one.evse_id is not None:
                yield one.evse_id, _facts(one, peaks.get(one.pk))


def _is_inside(session: Session, quarter: Quarter) -> bool:
    zone = ZoneInfo(session.station.site.time_zone)
    started = session.started_at
    return started is not None and quarter.holds(started.astimezone(zone).date())


def _peaks(sessions: Sequence[Session]) -> dict[int, Decimal]:
    rows: Any = (
        MeterReading.objects.filter(
            session_id__in=[one.pk for one in sessions],
            measurand="Power.Active.Import",
            phase="",
        )
        .order_by()
        .values("session_id")
        .annotate(peak=Max("value"))
    )
    return {one["session_id"]: one["peak"] for one in rows if one["peak"] is not None}


def _facts(session: Session, peak: Decimal | None) -> SessionFacts:
    assert session.started_at is not None
    assert session.stopped_at is not None
    energy = session.energy_wh or Decimal(0)
    return SessionFacts(
        session_id=session.public_id,
        connector=session.connector_number,
        started_at=session.started_at,
        stopped_at=session.stopped_at,
        energy_wh=energy,
        peak_w=_mean_power(session, energy) if peak is None else peak,
        error=_error(session),
        payment=_payment(session),
    )


def _mean_power(session: Session, energy: Decimal) -> Decimal:
    """Where no power was metered: the energy over the time."""
    assert session.started_at is not None
    assert session.stopped_at is not None
    lasted = Decimal((session.stopped_at - session.started_at).total_seconds())
    return energy * 3600 / lasted if lasted > 0 else Decimal(0)


def _error(session: Session) -> str:
    """What the station says went wrong, of a session that did not succeed."""
    energy = Fraction(session.energy_wh or 0)
    tried = Attempt("", session.last_fact_at, energy, stop_reason=session.stop_reason)
    return "" if tried.succeeded else session.stop_reason or "NO_ENERGY"


def _payment(session: Session) -> str:
    purpose = session.token_snapshot.get("purpose", "")
    return _PAYMENTS.get(purpose) or _PAYMENTS.get(session.id_token_type, "")
