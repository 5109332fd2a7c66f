"""Addresses of the configuration."""

from __future__ import annotations

from django.urls import path

from stations.configuration import apply_views, station_views, views

_ONE = "stations/<str:public_id>/configuration"
_TEMPLATE = "templates/<int:pk>"

urlpatterns = [
    path("configuration/", views.drift_list, name="configuration_drift_list"),
    path("configuration/apply/", apply_views.configuration_apply, name="configuration_apply"),
    path(
        "configuration/runs/<uuid:batch_id>/",
        apply_views.configuration_run,
        name="configuration_run",
    ),
    path(
        "configuration/runs/<uuid:batch_id>/live/",
        apply_views.configuration_run_live,
        name="configuration_run_live",
    ),
    path("templates/", views.template_list, name="template_list"),
    path("templates/new/", views.template_create, name="template_create"),
    path(f"{_TEMPLATE}/", views.template_detail, name="template_detail"),
    path(f"{_TEMPLATE}/edit/", views.template_edit, name="template_edit"),
    path(f"{_TEMPLATE}/delete/", views.template_delete, name="template_delete"),
    path(f"{_ONE}/", station_views.station_configuration, name="station_configuration"),
    path(
        f"{_ONE}/desired/",
        station_views.station_configuration_live,
        name="station_configuration_live",
    ),
    path(
        f"{_ONE}/edit/",
        station_views.station_configuration_edit,
        name="station_configuration_edit",
    ),
    path(f"{_ONE}/own/", station_views.station_configuration_own, name="station_configuration_own"),
    path(
        f"{_ONE}/history/",
        station_views.station_configuration_history,
        name="station_configuration_history",
    ),
]
