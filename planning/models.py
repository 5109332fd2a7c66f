"""Aggregator: the tables of the planning app."""

from planning.demand.models import DemandLayer, DemandModel
from planning.layers.models import Layer, LayerDraft, LayerPoint

__all__ = ["DemandLayer", "DemandModel", "Layer", "LayerDraft", "LayerPoint"]
