"""Quirks in words: what a station gets wrong, and what is done about it."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.hardware.quirks import NAMED_QUIRKS

WORDS: Final[dict[str, str | Promise]] = {
    "energy_without_unit_is_kwh": gettext_lazy("Energy that is sent without a unit is kWh"),
    "kwh_labelled_wh": gettext_lazy("Energy is kWh, whatever unit stands beside it"),
    "wh_labelled_kwh": gettext_lazy("Energy is Wh, whatever unit stands beside it"),
    "meter_in_kwh": gettext_lazy("Meter values of start and stop are kWh"),
    "single_phase": gettext_lazy("One phase is the whole sum"),
    "default_energy_unit": gettext_lazy("Unit of energy that is sent without one"),
    "energy_unit": gettext_lazy("True unit of energy, whatever stands beside it"),
    "meter_unit": gettext_lazy("True unit of meter values of start and stop"),
    "energy_factor": gettext_lazy("Energy is to be multiplied by"),
    "register_modulus_wh": gettext_lazy("The register rolls over to 0 at (Wh)"),
    "phases": gettext_lazy("Phases that make a whole sum"),
    "assume_subprotocol": gettext_lazy("Version to assume when the station offers none"),
}


def in_words(name: str, value: Any) -> str:
    """One quirk as a sentence or a pair."""
    label = str(WORDS.get(name, name))
    if name in NAMED_QUIRKS:
        return label if value else _("Not so: %(quirk)s") % {"quirk": label}
    return f"{label}: {value}"
