"""The switch of time zone on logs: UTC, the site's, or the reader's own."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ZONES: Final = (("mine", _("My time")), ("site", _("Site's time")), ("utc", _("UTC")))


def zone_context(request: HttpRequest, site_zone: str) -> dict[str, Any]:
    """``zone`` for ``{% timezone %}``, its name, and what templates/components/zones.html needs.

    ``zone=`` in the address chooses; the reader's own unless told.
    """
    chosen = request.GET.get("zone", "mine")
    zones: dict[str, Any] = {"site": ZoneInfo(site_zone), "utc": ZoneInfo("UTC")}
    zone = zones.get(chosen, timezone.get_current_timezone())
    return {
        "zone": zone,
        "zone_name": str(zone),
        "zone_key": chosen if chosen in zones else "mine",
        "zone_choices": ZONES,
    }
