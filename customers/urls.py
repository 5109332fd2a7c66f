"""Aggregator: the addresses of the customers app."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("customers.selfservice.urls")),
    path("", include("customers.guests.urls")),
    path("", include("customers.guests.office_urls")),
    path("", include("customers.righting.urls")),
    path("", include("customers.notices.urls")),
    path("", include("customers.opendata.urls")),
    path("", include("customers.basis.urls")),
    path("", include("customers.takeover.urls")),
    path("", include("customers.attribution.urls")),
    path("", include("customers.companies.urls")),
    path("", include("customers.drivers.urls")),
    path("", include("customers.vehicles.urls")),
    path("", include("customers.residents.urls")),
    path("", include("customers.tokens.urls")),
    path("", include("customers.attempts.urls")),
    path("", include("customers.support.urls")),
]
