"""Which commands a person is offered for a station, and why none can be sent now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from stations.hardware.models import Station
from stations.ocpp.outbound import commands_of
from stations.ocpp.sending import Request, needed_permission

Allows = Callable[[Permission], bool]

FAMILIES: Final[tuple[tuple[str | Promise, str, frozenset[str]], ...]] = (
    (
        gettext_lazy("Everyday"),
        "bolt",
        frozenset(
            {
                "remote_start",
                "remote_stop",
                "unlock_connector",
                "reset",
                "change_availability",
                "trigger_message",
                "get_transaction_status",
                "show_cost",
            }
        ),
    ),
    (
        gettext_lazy("Configuration"),
        "settings",
        frozenset(
            {"get_configuration", "set_configuration", "get_base_report", "set_network_profile"}
        ),
    ),
    (
        gettext_lazy("Cards and bookings"),
        "id-badge",
        frozenset(
            {
                "send_local_list",
                "get_local_list_version",
                "clear_cache",
                "reserve_now",
                "cancel_reservation",
            }
        ),
    ),
    (
        gettext_lazy("Power"),
        "gauge",
        frozenset(
            {
                "set_charging_profile",
                "clear_charging_profile",
                "get_charging_profiles",
                "get_composite_schedule",
            }
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of the menu."""

    name: str
    title: str
    is_dangerous: bool
    consequence: str

    @property
    def may_wait(self) -> bool:
        """Whether it may be sent later; a start of charging never is."""
        return self.name != "remote_start"


@dataclass(frozen=True, slots=True)
class Family:
    """Commands that belong together."""

    label: str | Promise
    icon: str
    entries: list[Entry]


def menu(version: str, allows: Allows) -> list[Family]:
    """The commands of a version that the person may send, in families; none empty."""
    offered = [
        Entry(c.name, _(c.title), c.is_dangerous, _(c.consequence) if c.consequence else "")
        for c in commands_of(version)
        if allows(needed_permission(Request(command=c.name)))
    ]
    named = frozenset().union(*(names for _label, _icon, names in FAMILIES))
    found = [
        Family(label, icon, [entry for entry in offered if entry.name in names])
        for label, icon, names in FAMILIES
    ]
    rest = [entry for entry in offered if entry.name not in named]
    found.append(Family(gettext_lazy("Files and the rest"), "tool", rest))
    return [family for family in found if family.entries]


def unavailable(station: Station) -> str:
    """Why no command reaches the station now; empty when one would."""
    if station.retired_on is not None:
        return _("The station has been retired.")
    link = getattr(station, "link", None)
    if link is None or not link.ocpp_version:
        return _("The station has never connected, so its OCPP version is not known.")
    if not link.is_connected:
        return _("The station is not connected.")
    return ""
