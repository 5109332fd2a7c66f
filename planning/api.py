"""Aggregator: the REST addresses of planning."""

from __future__ import annotations

from planning.layers.api import urls as layer_urls
from planning.studies.api import urls as study_urls

urls = [
    *layer_urls,
    *study_urls,
]
