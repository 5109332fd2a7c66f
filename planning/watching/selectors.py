"""Reading the use of sites and what became of planned ones, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q

from planning.studies.models import StudySite
from planning.watching.rules import OVER, UNDER, Place, Stay, Use, use_of
from stations.hardware.models import Evse
from stations.sessions.models import Session
from stations.sites.models import Site

DAYS: Final = (7, 28, 90)
USUAL_DAYS: Final = 28
DAY: Final = timedelta(days=1)
ORDER: Final = {OVER: 0, UNDER: 1}
YEAR: Final = 365.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A site with its use."""

    site: Site
    use: Use


@dataclass(frozen=True, slots=True)
class Became:
    """A planned site that is open: what the plan said for a year, and what a year like its days in
    the window would be. ``evses`` are those that stand."""

    row: StudySite
    site: Site
    planned_kwh: float
    real_kwh: float
    planned_evses: int | None
    evses: int
    sessions: int

    @property
    def share(self) -> float | None:
        """Of the plan."""
        return self.real_kwh / self.planned_kwh if self.planned_kwh else None


def days_of(given: str) -> int:
    """The window that is asked for; four weeks unless it is one of those there are."""
    return next((one for one in DAYS if str(one) == given), USUAL_DAYS)


def watched(*, now: datetime, days: int = USUAL_DAYS) -> list[Watched]:
    """Every site that is open, those that are too small first, then those hardly used."""
    begin = now - days * DAY
    sites = list(Site.objects.filter(retired_on=None).order_by("name", "id"))
    powers = _powers()
    stays = _stays(begin, now)
    found = [
        Watched(site, _use(site, powers[site.pk], stays.get(site.pk, []), begin, now))
        for site in sites
        if site.pk in powers
    ]
    return sorted(found, key=lambda one: (ORDER.get(one.use.verdict, 2), -one.use.full_share))


def _use(
    site: Site, powers: Mapping[int, float], stays: Sequence[Stay], begin: datetime, now: datetime
) -> Use:
    zone = ZoneInfo(site.time_zone)
    hours = [one.began_at.astimezone(zone).hour for one in stays]
    since = site.commissioned_on
    opened = None if since is None else datetime.combine(since, time(), zone).astimezone(UTC)
    return use_of(Place(powers, opened), stays, begin, now, hours)


def _powers() -> dict[int, dict[int, float]]:
    rows = Evse.objects.filter(
        retired_on=None, station__retired_on=None, is_confirmed=True
    ).values_list("station__site_id", "id", "max_power_w")
    found: dict[int, dict[int, float]] = {}
    for site_id, evse_id, power_w in rows.order_by("id"):
        found.setdefault(site_id, {})[evse_id] = (power_w or 0) / 1000
    return found


def _stays(begin: datetime, now: datetime) -> dict[int, list[Stay]]:
    rows = (
        Session.objects.filter(started_at__gte=begin - DAY, started_at__lt=now)
        .filter(Q(stopped_at=None) | Q(stopped_at__gt=begin))
        .exclude(evse=None)
        .order_by("started_at", "id")
        .values_list("station__site_id", "evse_id", "started_at", "stopped_at", "energy_wh")
    )
    found: dict[int, list[Stay]] = {}
    for site_id, evse_id, started_at, stopped_at, energy_wh in rows:
        ended = min(stopped_at or now, now)
        if ended > started_at:
            stay = Stay(evse_id, started_at, ended, float(energy_wh or 0) / 1000)
            found.setdefault(site_id, []).append(stay)
    return found


def became(found: Sequence[Watched]) -> list[Became]:
    """Planned sites among those watched, with plan and reality."""
    uses: Mapping[int, Watched] = {one.site.pk: one for one in found}
    rows = StudySite.objects.filter(site_id__in=list(uses)).select_related("study")
    return [_became(row, uses[row.site_id]) for row in rows.order_by("id")]


def _became(row: StudySite, watched_site: Watched) -> Became:
    use, worth = watched_site.use, row.figures.get("worth", {})
    return Became(
        row=row,
        site=watched_site.site,
        planned_kwh=row.gets_kwh,
        real_kwh=use.kwh / max(1.0, use.days) * YEAR,
        planned_evses=worth.get("evses"),
        evses=use.evses,
        sessions=use.sessions,
    )


def figures(one: Watched) -> dict[str, Any]:
    """The figures of a site by the names of API and files."""
    use = one.use
    return {
        "site": one.site.public_id,
        "name": one.site.name,
        "verdict": use.verdict,
        "evses": use.evses,
        "sessions": use.sessions,
        "kwh": round(use.kwh, 1),
        "busy_share": round(use.busy_share, 4),
        "full_share": round(use.full_share, 4),
        "waited": use.waited,
        "left": round(use.left, 1),
        "more_evses": use.more,
        "wants_power": use.wants_power,
    }
