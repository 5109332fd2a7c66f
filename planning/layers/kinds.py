"""What a layer may hold, and what the one number of its rows means."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LayerKind(models.TextChoices):
    """Kinds of layers."""

    TRAFFIC = "traffic", _("Traffic")
    VEHICLES = "vehicles", _("Vehicles")
    POPULATION = "population", _("Population")
    PLACES_OF_INTEREST = "places_of_interest", _("Workplaces and points of interest")
    EXISTING_STATIONS = "existing_stations", _("Existing stations")
    GRID = "grid", _("Grid capacity")
    CANDIDATES = "candidates", _("Candidate sites")
    ROADS = "roads", _("Roads between towns")
    AREAS = "areas", _("Areas")


class LayerOrigin(models.TextChoices):
    """How a layer came to be."""

    FILE = "file", _("Imported")
    GENERATED = "generated", _("Generated")
    DEMO = "demo", _("Bundled")


DEMAND_KINDS = (
    LayerKind.VEHICLES,
    LayerKind.POPULATION,
    LayerKind.PLACES_OF_INTEREST,
    LayerKind.TRAFFIC,
)
"""Kinds whose rows ask for energy."""
WEIGHTS = {
    LayerKind.TRAFFIC: _("Vehicles a day"),
    LayerKind.VEHICLES: _("Electric cars"),
    LayerKind.POPULATION: _("Inhabitants"),
    LayerKind.PLACES_OF_INTEREST: _("Visits a day"),
    LayerKind.EXISTING_STATIONS: _("EVSEs"),
    LayerKind.GRID: _("Capacity (kW)"),
    LayerKind.CANDIDATES: _("Preference"),
    LayerKind.ROADS: _("Length (km)"),
    LayerKind.AREAS: _("Weight"),
}
"""What ``LayerPoint.weight`` counts, by kind."""
