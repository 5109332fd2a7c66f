"""The words of assumptions that no form asks for: they are set over the API."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

LABELS: Final[dict[str, Any]] = {
    "cars_per_inhabitant": _("Cars per inhabitant"),
    "kwh_per_km": _("Energy per kilometre (kWh)"),
    "season": _("Factor of the season"),
    "km_per_year": _("Kilometres a year and car"),
    "visits_by_car": _("Share of visits by car (0 to 1)"),
    "kwh_per_stay": _("Energy a stay (kWh)"),
    "stretch_km": _("Length of the stretch (km)"),
    "calibration": _("Factor against what was measured"),
}
