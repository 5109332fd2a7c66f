"""Energy and sessions by day, site or station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DateField, DurationField, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from stations.sessions.models import Session
from stations.sites.models import Site

DAY: Final = timedelta(days=1)
_PLACES: Final = {
    "site": ("station__site__public_id", "station__site__name", "site_detail"),
    "station": ("station__public_id", "station__name", "station_detail"),
}


class LocalDay(Func):
    """The date of an instant in a zone, both columns."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


@dataclass(frozen=True, slots=True)
class EnergyRow:
    """Sums of the sessions that began on a day, or at a place, within the period."""

    label: str
    ref: str
    url: str
    sessions: int
    energy_wh: Decimal
    plugged_in: timedelta
    held: int

    @property
    def plugged_in_s(self) -> float:
        """Time plugged in, in seconds."""
        return self.plugged_in.total_seconds()

    @property
    def mean_wh(self) -> Decimal | None:
        """Energy of a session in the mean."""
        return self.energy_wh / self.sessions if self.sessions else None


@dataclass(frozen=True, slots=True)
class EnergyReport:
    """Rows in order, and their sum."""

    rows: Sequence[EnergyRow]
    total: EnergyRow


def energy_report(
    *, from_on: date, to_on: date, by: str = "day", site: Site | None = None
) -> EnergyReport:
    """Sessions by the day they began in the zone of their site; days without any are rows too."""
    found = sessions_between(from_on, to_on)
    if site is not None:
        found = found.filter(station__site=site)
    rows = _by_day(found, from_on, to_on) if by == "day" else _by_place(found, by)
    return EnergyReport(rows, _total(rows))


def sessions_between(from_on: date, to_on: date) -> QuerySet[Any]:
    """Sessions that began on a day of the period, with ``day`` in the zone of their site."""
    begin = datetime.combine(from_on - DAY, time(), UTC)
    end = datetime.combine(to_on + 2 * DAY, time(), UTC)
    rows: QuerySet[Any] = Session.objects.filter(started_at__gte=begin, started_at__lt=end)
    day = LocalDay(F("started_at"), F("station__site__time_zone"))
    found: QuerySet[Any] = rows.order_by().annotate(day=day)
    return found.filter(day__gte=from_on, day__lte=to_on)


def _summed(rows: QuerySet[Any], *groups: str) -> QuerySet[Any]:
    stay = Sum(F("stopped_at") - F("started_at"), filter=Q(stopped_at__gte=F("started_at")))
    found: QuerySet[Any] = rows.values(*groups).annotate(
        count=Count("pk"),
        energy=Coalesce(Sum("energy_wh"), Value(Decimal())),
        stay=Coalesce(stay, Value(timedelta()), output_field=DurationField()),
        held_count=Count("pk", filter=Q(is_held=True)),
    )
    return found


def _row(found: dict[str, Any], label: str, ref: str, url: str) -> EnergyRow:
    return EnergyRow(
        label, ref, url, found["count"], found["energy"], found["stay"], found["held_count"]
    )


_NOTHING: Final = {"count": 0, "energy": Decimal(), "stay": timedelta(), "held_count": 0}


def _by_day(rows: QuerySet[Any], from_on: date, to_on: date) -> list[EnergyRow]:
    found = {row["day"]: row for row in _summed(rows, "day")}
    days = [from_on + n * DAY for n in range((to_on - from_on).days + 1)]
    return [_row(found.get(day, _NOTHING), day.isoformat(), day.isoformat(), "") for day in days]


def _by_place(rows: QuerySet[Any], by: str) -> list[EnergyRow]:
    ref, name, page = _PLACES[by]
    found = _summed(rows, ref, name).order_by("-energy", name, ref)
    return [_row(row, row[name], row[ref], reverse(page, args=[row[ref]])) for row in found]


def _total(rows: Sequence[EnergyRow]) -> EnergyRow:
    return EnergyRow(
        label="",
        ref="",
        url="",
        sessions=sum(row.sessions for row in rows),
        energy_wh=sum((row.energy_wh for row in rows), Decimal()),
        plugged_in=sum((row.plugged_in for row in rows), timedelta()),
        held=sum(row.held for row in rows),
    )
