"""Addresses of local lists."""

from __future__ import annotations

from django.urls import path

from stations.ocpp.lists import views

_ONE = "stations/<str:public_id>/local-list"

urlpatterns = [
    path("local-lists/", views.local_list_list, name="local_list_list"),
    path("local-lists/settings/", views.local_list_settings, name="local_list_settings"),
    path(f"{_ONE}/", views.station_local_list, name="station_local_list_state"),
    path(f"{_ONE}/live/", views.station_local_list_live, name="station_local_list_live"),
    path(f"{_ONE}/send/", views.station_local_list_send, name="station_local_list_send"),
    path(f"{_ONE}/clear/", views.station_local_list_clear, name="station_local_list_clear"),
    path(f"{_ONE}/choice/", views.station_local_list_choice, name="station_local_list_choice"),
]
