"""Navigation entries of the stations app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The network and its operation."""
    return [*_network(), *_operation()]


def _network() -> list[NavEntry]:
    network = Permission.NETWORK_VIEW
    return [
        NavEntry(_("Sites"), "site_list", "map-pin", network, 20, NavGroup.NETWORK),
        NavEntry(_("Stations"), "station_list", "charging-pile", network, 30, NavGroup.NETWORK),
        NavEntry(_("EVSEs"), "evse_list", "plug", network, 45, NavGroup.NETWORK),
        NavEntry(_("Station models"), "model_list", "cpu", network, 46, NavGroup.NETWORK),
        NavEntry(
            _("Completeness"),
            "completeness",
            "list-details",
            Permission.NETWORK_EDIT,
            47,
            NavGroup.NETWORK,
        ),
        NavEntry(
            _("Stations that knocked"),
            "knock_list",
            "door",
            Permission.NETWORK_EDIT,
            70,
            NavGroup.NETWORK,
        ),
    ]


def _upkeep() -> list[NavEntry]:
    order, group = Permission.ORDER_VIEW, NavGroup.OPERATION
    return [
        NavEntry(_("Work orders"), "order_list", "tool", order, 43, group),
        NavEntry(_("Work on site"), "field_list", "tool", Permission.ORDER_WORK, 44, group),
        NavEntry(_("Maintenance plans"), "plan_list", "calendar", order, 45, group),
        NavEntry(_("Warranty claims"), "claim_list", "shield-check", order, 46, group),
    ]


def _operation() -> list[NavEntry]:
    network, session = Permission.NETWORK_VIEW, Permission.SESSION_VIEW
    return [
        NavEntry(_("Sessions"), "session_list", "bolt", session, 40, NavGroup.OPERATION),
        NavEntry(_("Control room"), "control_room", "gauge", network, 40, NavGroup.OPERATION),
        NavEntry(
            _("Incidents"), "incident_list", "alert-triangle", network, 41, NavGroup.OPERATION
        ),
        NavEntry(_("Uptime"), "uptime_report", "activity", network, 42, NavGroup.OPERATION),
        *_upkeep(),
        NavEntry(_("Commands"), "command_list", "terminal", network, 50, NavGroup.OPERATION),
        NavEntry(
            _("Configuration"),
            "configuration_drift_list",
            "adjustments",
            network,
            55,
            NavGroup.OPERATION,
        ),
        NavEntry(
            _("Firmware"),
            "firmware_inventory",
            "cpu",
            Permission.FIRMWARE_VIEW,
            56,
            NavGroup.OPERATION,
        ),
        NavEntry(
            _("Local lists"), "local_list_list", "list-details", network, 57, NavGroup.OPERATION
        ),
        NavEntry(
            _("OCPP journal"),
            "frame_list",
            "messages",
            Permission.JOURNAL_VIEW,
            80,
            NavGroup.OPERATION,
        ),
    ]
