"""Addresses of lists of the hardware, forms of a station and its hardware tabs."""

from __future__ import annotations

from django.urls import path

from stations.hardware import edit_views, evse_views, part_views, tab_views, views

_ONE = "stations/<str:public_id>"
_EVSE = f"{_ONE}/evses/<int:number>"

urlpatterns = [
    path("sites/", views.site_list, name="site_list"),
    path("evses/", views.evse_list, name="evse_list"),
    path(f"{_ONE}/edit/", edit_views.station_edit, name="station_edit"),
    path(f"{_ONE}/password/", edit_views.station_password, name="station_password"),
    path(f"{_ONE}/hands-off/", edit_views.station_hands_off, name="station_hands_off"),
    path(f"{_ONE}/retire/", edit_views.station_retire, name="station_retire"),
    path(f"{_ONE}/evses/new/", evse_views.evse_create, name="evse_create"),
    path(f"{_EVSE}/", evse_views.evse_detail, name="evse_detail"),
    path(f"{_EVSE}/edit/", evse_views.evse_edit, name="evse_edit"),
    path(f"{_EVSE}/public-id/", evse_views.evse_public_id, name="evse_public_id"),
    path(f"{_EVSE}/retire/", part_views.evse_retire, name="evse_retire"),
    path(f"{_EVSE}/connectors/new/", part_views.connector_create, name="connector_create"),
    path(
        f"{_EVSE}/connectors/<int:connector>/retire/",
        part_views.connector_retire,
        name="connector_retire",
    ),
    path(f"{_ONE}/status/", tab_views.station_status, name="station_status"),
    path(f"{_ONE}/connections/", tab_views.station_connections, name="station_connections"),
    path(f"{_ONE}/audit/", tab_views.station_audit, name="station_audit"),
]
