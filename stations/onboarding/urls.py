"""Addresses of the wizard and of waiting for the first connection."""

from __future__ import annotations

from django.urls import path

from stations.onboarding import replace_views, views, waiting_views

_ONE = "stations/<str:public_id>"

urlpatterns = [
    path("stations/new/", views.station_create, name="station_create"),
    path("stations/new/<str:draft>/", views.station_draft, name="station_draft"),
    path("stations/new/<str:draft>/evses/", views.station_draft_evses, name="station_draft_evses"),
    path(f"{_ONE}/waiting/", waiting_views.station_waiting, name="station_waiting"),
    path(f"{_ONE}/waiting/live/", waiting_views.station_waiting_live, name="station_waiting_live"),
    path(f"{_ONE}/hardware/", replace_views.station_hardware, name="station_hardware"),
    path(f"{_ONE}/replace/", replace_views.station_replace, name="station_replace"),
    path(f"{_ONE}/units/<int:unit>/", replace_views.unit_move, name="unit_move"),
]
