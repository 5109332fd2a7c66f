"""What the page of a site says about its opening hours."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from stations.sites.hours import Hours, Span, differing, open_at, show_spans
from stations.sites.models import Site
from stations.sites.selectors import holidays_ahead, hours_of


def hours_context(site: Site) -> dict[str, Any]:
    """Context of templates/stations/sites/_site_public.html."""
    hours = hours_of(site)
    if hours is None:
        return {"is_open": None, "week": [], "exceptions": []}
    zone = ZoneInfo(site.time_zone)
    now = timezone.now()
    today = now.astimezone(zone).date()
    public = holidays_ahead(site)
    return {
        "is_open": open_at(hours, now, zone, public),
        "week": _week(hours),
        "exceptions": [
            (one.on, _words(one.spans), one.note)
            for one in differing(hours, public)
            if one.on >= today
        ],
    }


def _week(hours: Hours) -> list[tuple[str, str]]:
    week = (
        [(_("Every day"), _("Open at all hours"))]
        if hours.always
        else [(str(WEEKDAYS[index]), _words(spans)) for index, spans in enumerate(hours.week)]
    )
    holidays = _("as the weekday") if hours.holidays is None else _words(hours.holidays)
    return [*week, (_("Public holidays"), holidays)]


def _words(spans: tuple[Span, ...]) -> str:
    return show_spans(spans) or _("closed")
