"""Aggregator: the tables of the planning app."""

from planning.building.models import PlannedStation
from planning.demand.models import DemandLayer, DemandModel
from planning.layers.models import Layer, LayerDraft, LayerPoint
from planning.studies.models import Study, StudyLayer, StudySite

__all__ = [
    "DemandLayer",
    "DemandModel",
    "Layer",
    "LayerDraft",
    "LayerPoint",
    "PlannedStation",
    "Study",
    "StudyLayer",
    "StudySite",
]
