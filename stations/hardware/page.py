"""The frame around every page of one station: header and tabs.

Tabs name their pages by URL name, since most of them live in rooms above this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from stations.hardware.fleet import stations
from stations.hardware.models import Station


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: name, label, URL name (takes the station's public id), permission."""

    name: str
    label: str | Promise
    url_name: str
    permission: Permission


TABS: Final = (
    Tab("overview", _("Overview"), "station_detail", Permission.NETWORK_VIEW),
    Tab("commands", _("Commands"), "station_commands", Permission.NETWORK_VIEW),
    Tab("journal", _("Journal"), "station_journal", Permission.JOURNAL_VIEW),
    Tab("sessions", _("Sessions"), "station_sessions", Permission.SESSION_VIEW),
    Tab("history", _("History"), "station_history", Permission.NETWORK_VIEW),
    Tab("use", _("Use by day"), "station_use", Permission.SESSION_VIEW),
    Tab("status", _("Status history"), "station_status", Permission.NETWORK_VIEW),
    Tab("configuration", _("Configuration"), "station_configuration", Permission.NETWORK_VIEW),
    Tab("hardware", _("Hardware"), "station_hardware", Permission.NETWORK_VIEW),
    Tab("warranty", _("Warranty"), "station_warranty", Permission.NETWORK_VIEW),
    Tab("local_list", _("Local list"), "station_local_list_state", Permission.NETWORK_VIEW),
    Tab("connections", _("Connections"), "station_connections", Permission.NETWORK_VIEW),
    Tab("attempts", _("Authorisations"), "station_attempts", Permission.SESSION_VIEW),
    Tab("events", _("Events"), "station_events", Permission.NETWORK_VIEW),
    Tab("logs", _("Logs"), "station_logs", Permission.LOG_FETCH),
    Tab("audit", _("Audit trail"), "station_audit", Permission.AUDIT_VIEW),
)


def find_station(public_id: str) -> Station:
    """The operator's station, with site, link and worst status; 404 when there is none."""
    station: Station = get_object_or_404(stations(), public_id=public_id)
    return station


def station_context(request: HttpRequest, station: Station, tab: str) -> dict[str, Any]:
    """What templates/stations/hardware/station_base.html needs."""
    return {
        "station": station,
        "link": getattr(station, "link", None),
        "tabs": [t for t in TABS if has_permission(request, t.permission)],
        "tab": tab,
        "can_edit": has_permission(request, Permission.NETWORK_EDIT),
        "can_command": has_permission(request, Permission.COMMAND_SEND),
        "live_topics": f"station.{station.pk}",
    }
