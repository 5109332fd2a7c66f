"""Addresses of open data: the operator's page, and what anyone reads."""

from __future__ import annotations

from django.urls import path

from customers.opendata import public_views, views

_OPEN = "open/<slug:slug>/"

urlpatterns = [
    path("open-data/", views.open_data, name="open_data"),
    path("open-data/key/", views.open_data_key, name="open_data_key"),
    path(f"{_OPEN}datex2/<str:kind>.json", public_views.datex_document, name="open_datex"),
    path(f"{_OPEN}ocpi/2.2.1/<str:name>", public_views.ocpi_objects, name="open_ocpi"),
    path(f"{_OPEN}ocpi/2.2.1/<str:name>/<str:ref>", public_views.ocpi_object),
]
