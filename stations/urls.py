"""Aggregator: the addresses of the stations app. Fixed words come before ids."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("stations.configuration.urls")),
    path("", include("stations.onboarding.urls")),
    path("", include("stations.ocpp.lists.urls")),
    path("", include("stations.ocpp.urls")),
    path("", include("stations.maintenance.urls")),
    path("", include("stations.uptime.urls")),
    path("", include("stations.firmware.urls")),
    path("", include("stations.incidents.urls")),
    path("", include("stations.sites.urls")),
    path("", include("stations.hardware.urls")),
    path("", include("stations.hardware.catalogue.urls")),
    path("", include("stations.hardware.completeness.urls")),
    path("", include("stations.sessions.urls")),
    path("", include("stations.commands.urls")),
]
