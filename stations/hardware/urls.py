"""Addresses of lists of the hardware, forms of a station and its hardware tabs."""

from __future__ import annotations

from django.urls import path

from stations.hardware import edit_views, evse_views, tab_views, views

_ONE = "stations/<str:public_id>"

urlpatterns = [
    path("sites/", views.site_list, name="site_list"),
    path("evses/", views.evse_list, name="evse_list"),
    path("stations/new/", edit_views.station_create, name="station_create"),
    path(f"{_ONE}/edit/", edit_views.station_edit, name="station_edit"),
    path(f"{_ONE}/password/", edit_views.station_password, name="station_password"),
    path(f"{_ONE}/hands-off/", edit_views.station_hands_off, name="station_hands_off"),
    path(f"{_ONE}/retire/", edit_views.station_retire, name="station_retire"),
    path(f"{_ONE}/evses/new/", evse_views.evse_create, name="evse_create"),
    path(f"{_ONE}/evses/<int:number>/", evse_views.evse_edit, name="evse_edit"),
    path(f"{_ONE}/status/", tab_views.station_status, name="station_status"),
    path(f"{_ONE}/connections/", tab_views.station_connections, name="station_connections"),
    path(f"{_ONE}/configuration/", tab_views.station_configuration, name="station_configuration"),
    path(f"{_ONE}/audit/", tab_views.station_audit, name="station_audit"),
]
