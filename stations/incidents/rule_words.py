"""Rules and their figures in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULES: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "safety": (_("Safety fault"), _("A fault whose code is about safety.")),
    "faulted": (_("Fault"), _("A connector reports a fault.")),
    "vehicle_fault": (_("Fault of a car"), _("A fault whose code is about the car or its user.")),
    "temperature": (_("Heat or cable"), _("A fault whose code is about heat or the cable.")),
    "unavailable": (_("Out of service"), _("Out of service, and nobody here took it out.")),
    "stuck": (_("Connector stuck"), _("In use for very long without any session.")),
    "offline": (_("No contact"), _("Silent for longer than its heartbeats explain.")),
    "site_dark": (_("Site without contact"), _("All stations of a site fell silent together.")),
    "boot_loop": (_("Restarts"), _("A station starts again and again.")),
    "zero_energy": (
        _("Sessions without energy"),
        _("Sessions in a row that took nothing, which chance does not explain."),
    ),
    "stop_reason": (_("Sessions broken off"), _("Sessions in a row that ended for trouble.")),
    "refused": (_("Cards refused"), _("Different cards in a row that were refused.")),
    "meter": (_("Meter in doubt"), _("Sessions in a row whose readings contradict each other.")),
    "clock": (_("Clock wrong"), _("Sessions in a row with a wrong clock.")),
    "low_power": (_("Power below rating"), _("Sessions take far less than the EVSE can give.")),
    "security": (_("Security event"), _("The station reports a security event.")),
    "certificate": (_("Certificate ends"), _("A certificate of the station ends soon.")),
    "silent": (_("Not used"), _("Available, but not used as its past and neighbours predict.")),
}
"""By rule: its name and what it looks for."""
FIGURES: Final[dict[str, str | Promise]] = {
    "after_s": _("After (seconds)"),
    "preparing_s": _("Plugged in for (seconds)"),
    "no_session_s": _("Charging without a session for (seconds)"),
    "heartbeats": _("Heartbeats missed"),
    "least_s": _("At least (seconds)"),
    "within_s": _("Within (seconds)"),
    "stations": _("Stations at least"),
    "times": _("Times"),
    "in_a_row": _("In a row"),
    "drivers": _("Different drivers"),
    "tokens": _("Different cards"),
    "alpha": _("Probability of a false alarm (0 to 1)"),
    "energy_wh": _("Energy below (Wh)"),
    "sessions": _("Sessions"),
    "share": _("Share of the rating (0 to 1)"),
    "drop": _("Share of the usual power (0 to 1)"),
    "days": _("Days"),
}
"""Figures of rules."""
