"""Aggregator: the addresses of the planning app."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("planning.building.urls")),
    path("", include("planning.demand.urls")),
    path("", include("planning.layers.urls")),
    path("", include("planning.studies.urls")),
    path("", include("planning.watching.urls")),
]
