"""Addresses of sessions, and of the pages of stations and sites that show them."""

from __future__ import annotations

from django.urls import path

from stations.sessions import (
    reread_views,
    session_views,
    site_views,
    station_tabs,
    use_views,
    views,
)

_ONE = "sessions/<str:public_id>"

urlpatterns = [
    path("sites/<str:public_id>/", site_views.site_detail, name="site_detail"),
    path("sites/<str:public_id>/live/", site_views.site_live, name="site_live"),
    path("stations/<str:public_id>/", station_tabs.station_detail, name="station_detail"),
    path("stations/<str:public_id>/live/", station_tabs.station_live, name="station_live"),
    path("stations/<str:public_id>/header/", station_tabs.station_header, name="station_header"),
    path("stations/<str:public_id>/use/", use_views.station_use_page, name="station_use"),
    path("stations/<str:public_id>/sessions/", views.station_sessions, name="station_sessions"),
    path("stations/<str:public_id>/reread/", reread_views.station_reread, name="station_reread"),
    path("catalogue/<str:public_id>/reread/", reread_views.model_reread, name="model_reread"),
    path("sessions/", views.session_list, name="session_list"),
    path(f"{_ONE}/", session_views.session_detail, name="session_detail"),
    path(f"{_ONE}/live/", session_views.session_live, name="session_live"),
    path(f"{_ONE}/curve.json", session_views.session_curve, name="session_curve"),
    path(f"{_ONE}/facts/", session_views.session_facts, name="session_facts"),
    path(f"{_ONE}/close/", session_views.session_close, name="session_close"),
]
