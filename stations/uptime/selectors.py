"""Reads uptime for pages, files and the API, within the operator and sites in scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncMonth
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.periods import Period, clipped
from stations.hardware.models import Evse
from stations.sessions.models import Session
from stations.sites.models import Site
from stations.uptime.day import local_day
from stations.uptime.energy_weighted import (
    HOURS,
    EnergyAvailability,
    energy_weighted,
    hour_of_week,
)
from stations.uptime.models import Cause, CauseStatement, Outage, UptimeDay, UptimeSetting
from stations.uptime.summary import Sums, uk_of
from stations.uptime.uk import RAPID_W, UkReliability
from stations.uptime.visits import Attempt, Visits, measure_visits

YEAR: Final = timedelta(days=365)
MOST_VISIT_DAYS: Final = 100
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "month": ("month_on",),
    "site": ("site__public_id", "site__name"),
    "station": ("station__public_id", "station__name"),
    "evse": ("station__public_id", "station__name", "evse__number", "evse__public_id"),
    "model": ("station__vendor", "station__model"),
    "firmware": ("station__model", "station__firmware_version"),
}
_SUMS: Final = {
    name: Sum(f"{name}_ms")
    for name in (
        "service", "unknown", "down", "excluded", "closed", "open_unreliable", "open_unmeasured",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UptimeRow:
    """One row of the report. ``ports`` over the twelve months: how many, how many of them are
    greater than 97 %, and the lowest."""

    key: tuple[Any, ...]
    label: str
    evses: int
    sums: Sums
    ports: int = 0
    good_ports: int = 0
    lowest: Fraction | None = None

    @property
    def availability(self) -> Fraction | None:
        """Plain, in percent."""
        return self.sums.availability

    @property
    def without_excluded(self) -> Fraction | None:
        """Excluded time counted as up."""
        return self.sums.without_excluded


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Down time of one cause and its share."""

    cause: str
    label: str
    down_ms: int
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class UptimeReport:
    """What the report shows: rows, their sum, the network by the UK's rules, visits, causes."""

    rows: Sequence[UptimeRow]
    total: UptimeRow
    uk: UkReliability
    visits: Visits | None
    causes: Sequence[CauseRow]
    months: Sequence[UptimeRow] = field(default=())


def days(from_on: date, until_on: date, site: Site | None = None) -> QuerySet[UptimeDay]:
    """Days from one date to another, both included."""
    found = UptimeDay.objects.filter(day_on__gte=from_on, day_on__lte=until_on)
    return found if site is None else found.filter(site=site)


def uptime_report(
    *, from_on: date, until_on: date, by: str, site: Site | None = None
) -> UptimeReport:
    """The report over whole days, grouped ``by`` one of GROUPS."""
    rows = days(from_on, until_on, site)
    ports = _ports(days(until_on - YEAR + timedelta(days=1), until_on, site), by)
    grouped = _grouped(rows, by, ports)
    total = rows.aggregate(**_SUMS, starts_=Sum("starts"), evses=Count("evse", distinct=True))
    rapid: Any = rows.filter(evse__max_power_w__gte=RAPID_W).values("evse").annotate(**_SUMS)
    every = [sums for found in ports.values() for sums in found]
    evses = total.pop("evses")
    return UptimeReport(
        rows=grouped,
        total=_row((), _("All"), evses, _sums(total), every),
        uk=uk_of(_sums(one) for one in rapid.order_by()),
        visits=_visits(from_on, until_on, site),
        causes=_causes(rows),
        months=grouped if by == "month" else _grouped(rows, "month", {}),
    )


def _grouped(
    rows: QuerySet[UptimeDay], by: str, ports: dict[tuple[Any, ...], list[Sums]]
) -> list[UptimeRow]:
    names = GROUPS[by]
    found = rows.annotate(month_on=TruncMonth("day_on")).values(*names)
    found = found.annotate(**_SUMS, starts_=Sum("starts"), evses=Count("evse", distinct=True))
    made = []
    for one in found.order_by(*names):
        key = tuple(one[name] for name in names)
        made.append(_row(key, _label(by, key), one["evses"], _sums(one), ports.get(key, [])))
    return made


def _ports(rows: QuerySet[UptimeDay], by: str) -> dict[tuple[Any, ...], list[Sums]]:
    """The twelve months of each port by the key of its row; a month holds all ports."""
    names = () if by == "month" else GROUPS[by]
    found: dict[tuple[Any, ...], list[Sums]] = {}
    every: Any = rows.values("evse", *names).annotate(**_SUMS, starts_=Sum("starts")).order_by()
    for one in every:
        found.setdefault(tuple(one[name] for name in names), []).append(_sums(one))
    return found


def _row(
    key: tuple[Any, ...], label: str, evses: int, sums: Sums, ports: Sequence[Sums]
) -> UptimeRow:
    figures = [one.nevi() for one in ports]
    percents = [one.percent for one in figures if one.percent is not None]
    good = sum(one.meets for one in figures)
    return UptimeRow(key, label, evses, sums, len(percents), good, min(percents, default=None))


def _sums(one: dict[str, Any]) -> Sums:
    return Sums(**{name: one[name] or 0 for name in _SUMS}, starts=one.get("starts_") or 0)


def _label(by: str, key: tuple[Any, ...]) -> str:
    if by == "month":
        return f"{key[0]:%Y-%m}"
    if by == "evse":
        return f"{key[1]} / {key[2]}"
    if by in ("model", "firmware"):
        return " ".join(str(part) for part in key if part) or _("Unknown")
    return str(key[1])


def _causes(rows: QuerySet[UptimeDay]) -> list[CauseRow]:
    """The database adds up: days with an outage are many where there are many EVSEs."""
    sums = {cause: Sum(Cast(KT(f"by_cause__{cause}"), BigIntegerField())) for cause in Cause.values}
    told = rows.filter(down_ms__gt=0).order_by().aggregate(**sums)
    spent = {cause: value for cause, value in told.items() if value}
    whole = sum(spent.values())
    return [
        CauseRow(cause, str(Cause(cause).label), value, Fraction(100 * value, whole))
        for cause, value in sorted(spent.items(), key=lambda one: -one[1])
    ]


def _visits(from_on: date, until_on: date, site: Site | None) -> Visits | None:
    """Visits of ended sessions; None for a period too long to look at each of them."""
    if (until_on - from_on).days > MOST_VISIT_DAYS:
        return None
    rows = Session.objects.filter(
        started_at__date__gte=from_on,
        started_at__date__lte=until_on,
        state="ended",
        energy_wh__isnull=False,
    )
    if site is not None:
        rows = rows.filter(station__site=site)
    names = ("id_token", "started_at", "energy_wh", "station__site_id", "evse_id", "stop_reason")
    return measure_visits(
        Attempt(
            token, at, Fraction(energy), f"{place}" if token else f"e{evse}", stop_reason=reason
        )
        for token, at, energy, place, evse, reason in rows.order_by().values_list(*names)
    )


def outages() -> QuerySet[Outage]:
    """Outages with where they were, the latest first."""
    found: QuerySet[Outage] = Outage.objects.select_related(
        "site", "station__site", "evse"
    ).annotate(length=F("ended_at") - F("began_at"))
    return found


def outage_or_404(public_id: str) -> Outage:
    """An outage by EVSE, kind and beginning, which stay when days are made anew."""
    try:
        evse, kind, began = public_id.removeprefix("out_").split("-")
        began_at = datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(
            microseconds=int(began)
        )
        found = outages().filter(evse_id=int(evse), kind=kind, began_at=began_at).first()
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def causes() -> QuerySet[CauseStatement]:
    """Stated causes with their places."""
    return CauseStatement.objects.select_related("site", "station", "evse__station")


def evse_days(evse: Evse, from_on: date, until_on: date) -> list[UptimeDay]:
    """The days of one EVSE."""
    return list(days(from_on, until_on).filter(evse=evse).order_by("day_on"))


def evse_sums(rows: Iterable[UptimeDay]) -> Sums:
    """Days added up."""
    found = dict.fromkeys((*_SUMS, "starts"), 0)
    for row in rows:
        for name in _SUMS:
            found[name] += getattr(row, f"{name}_ms")
        found["starts"] += row.starts
    return Sums(**found)


def outages_of(evse: Evse, from_on: date, until_on: date) -> QuerySet[Outage]:
    """Outages of one EVSE that touch some days of its site, the latest first."""
    zone = ZoneInfo(evse.station.site.time_zone)
    begin, end = local_day(from_on, zone).start, local_day(until_on, zone).end
    touching = Q(ended_at=None) | Q(ended_at__gt=begin)
    return outages().filter(touching, evse=evse, began_at__lt=end).order_by("-began_at")


def causes_touching(outage: Outage) -> QuerySet[CauseStatement]:
    """Statements about the time and place of an outage."""
    here = (
        Q(evse_id=outage.evse_id)
        | Q(station_id=outage.station_id, evse=None)
        | Q(site_id=outage.site_id, station=None)
    )
    found = causes().filter(here, ended_at__gt=outage.began_at)
    return found if outage.ended_at is None else found.filter(began_at__lt=outage.ended_at)


def energy_weighted_of(evse: Evse, from_on: date, until_on: date) -> EnergyAvailability:
    """Availability of one EVSE weighted by what it delivers in each hour of the week."""
    zone = ZoneInfo(evse.station.site.time_zone)
    begin, end = local_day(from_on, zone).start, local_day(until_on, zone).end
    weights = [Fraction(0)] * HOURS
    rows = Session.objects.filter(evse=evse, started_at__gte=begin, started_at__lt=end)
    for at, energy in rows.order_by().values_list("started_at", "energy_wh"):
        weights[hour_of_week(at, zone)] += Fraction(max(energy or 0, 0))
    down = [
        Period(max(one.began_at, begin), min(one.ended_at or timezone.now(), end))
        for one in outages_of(evse, from_on, until_on)
        if one.is_counted and max(one.began_at, begin) <= min(one.ended_at or timezone.now(), end)
    ]
    served = [
        local_day(row.day_on, zone)
        for row in days(from_on, until_on).filter(evse=evse, service_ms__gt=0)
    ]
    assessed = clipped(served, Period(begin, max(begin, min(end, timezone.now()))))
    return energy_weighted(assessed, down, weights, zone)


def conventions_shown(evse: Evse) -> UptimeSetting:
    """The conventions that hold for an EVSE, with their words."""
    found = UptimeSetting.objects.filter(Q(site=None) | Q(site=evse.station.site))
    ordered = sorted(found, key=lambda one: one.site_id is not None)
    return ordered[-1] if ordered else UptimeSetting(operator_id=evse.operator_id)
