"""Addresses of uptime, outages and causes."""

from __future__ import annotations

from django.urls import path

from stations.uptime import cause_views, views
from stations.uptime.evchart.views import evchart

_OUTAGE = "outages/<str:public_id>/"
_CAUSE = "outage-causes/<str:public_id>/"

urlpatterns = [
    path("uptime/", views.uptime_report, name="uptime_report"),
    path("uptime/conventions/", cause_views.uptime_conventions, name="uptime_conventions"),
    path("uptime/ev-chart/", evchart, name="evchart"),
    path(
        "stations/<str:public_id>/evses/<int:number>/uptime/",
        views.evse_uptime,
        name="evse_uptime",
    ),
    path("outages/", views.outage_list, name="outage_list"),
    path(_OUTAGE, views.outage_detail, name="outage_detail"),
    path(f"{_OUTAGE}cause/", views.outage_correct, name="outage_correct"),
    path("outage-causes/", cause_views.cause_list, name="cause_list"),
    path("outage-causes/new/", cause_views.cause_create, name="cause_create"),
    path(_CAUSE, cause_views.cause_detail, name="cause_detail"),
    path(f"{_CAUSE}approve/", cause_views.cause_approve, name="cause_approve"),
    path(f"{_CAUSE}withdraw/", cause_views.cause_withdraw, name="cause_withdraw"),
]
