"""The words of assumptions and needs."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from planning.demand.profiles import HOME, STAY, TRIP
from planning.layers.kinds import LayerKind

LABELS: Final[dict[str, Any]] = {
    "cars_per_inhabitant": _("Cars per inhabitant"),
    "kwh_per_km": _("Energy per kilometre (kWh)"),
    "season": _("Factor of the season"),
    "km_per_year": _("Kilometres a year and car"),
    "visits_by_car": _("Share of visits by car (0 to 1)"),
    "kwh_per_stay": _("Energy a stay (kWh)"),
    "stretch_km": _("Length of the stretch (km)"),
    "growth": _("Growth of electric cars until the year meant (factor)"),
    "calibration": _("Factor against what was measured"),
}
"""Those that the form of studies does not ask for."""
SHARES: Final[dict[str, Any]] = {
    "ev_share": _("Electric cars of all (%)"),
    "without_parking": _("Owners without parking of their own (%)"),
    "public_share": _("What they charge in public places (%)"),
    "long_trip_share": _("Traffic on long trips (%)"),
    "plugs_in": _("Visitors who plug in (%)"),
}
"""Shares of 0 to 1 that are asked for as percent."""
EVERY: Final[dict[str, Any]] = SHARES | LABELS
GROWTH_WORDS: Final[dict[str, Any]] = {
    "too_few_years": _("A curve needs at least four years."),
    "negative": _("Registrations are numbers from 0."),
    "no_growth": _("The last year must have more than the first one."),
}
NEED_WORDS: Final[dict[str, Any]] = {
    HOME: _("Owners who cannot charge at home"),
    STAY: _("Stays at destinations"),
    TRIP: _("Long trips"),
}
ROLES: Final[dict[str, Any]] = {
    LayerKind.VEHICLES: _("Cars: owners who cannot charge at home"),
    LayerKind.POPULATION: _("Inhabitants: the same, where no cars are known"),
    LayerKind.PLACES_OF_INTEREST: _("Visits: stays at destinations"),
    LayerKind.TRAFFIC: _("Traffic: long trips"),
}
"""What a layer of each kind is to a demand model."""
