"""What the page of a site says about its opening hours."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from stations.sites.hours import Hours, Span, open_at, show_spans
from stations.sites.models import Site
from stations.sites.selectors import hours_of


def hours_context(site: Site) -> dict[str, Any]:
    """Context of templates/stations/sites/_site_public.html."""
    hours = hours_of(site)
    if hours is None:
        return {"is_open": None, "week": [], "exceptions": []}
    zone = ZoneInfo(site.time_zone)
    now = timezone.now()
    today = now.astimezone(zone).date()
    return {
        "is_open": open_at(hours, now, zone),
        "week": _week(hours),
        "exceptions": [
            (one.on, _words(one.spans), one.note) for one in hours.exceptions if one.on >= today
        ],
    }


def _week(hours: Hours) -> list[tuple[str, str]]:
    if hours.always:
        return [(_("Every day"), _("Open at all hours"))]
    return [(str(WEEKDAYS[index]), _words(spans)) for index, spans in enumerate(hours.week)]


def _words(spans: tuple[Span, ...]) -> str:
    return show_spans(spans) or _("closed")
