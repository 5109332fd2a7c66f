"""Aggregator: the REST addresses of planning."""

from __future__ import annotations

from planning.building.api import urls as building_urls
from planning.demand.api import urls as demand_urls
from planning.demand.generate_api import urls as generate_urls
from planning.layers.api import urls as layer_urls
from planning.studies.api import urls as study_urls
from planning.watching.api import urls as watching_urls

urls = [
    *layer_urls,
    *generate_urls,
    *demand_urls,
    *study_urls,
    *building_urls,
    *watching_urls,
]
