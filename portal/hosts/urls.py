"""Addresses of hosts and boards, and of who lets them in."""

from __future__ import annotations

from django.urls import path

from portal.hosts import access_views, statement_views, views
from portal.hosts.sessions import host_session_list
from portal.hosts.statements import host_statement_list

_SITE = "host-sites/<str:public_id>/"

urlpatterns = [
    path("host/", views.host_home, name="host_home"),
    path("host/places/", views.host_places_now, name="host_places_now"),
    path("host-sessions/", host_session_list, name="host_session_list"),
    path(_SITE, views.host_site, name="host_site"),
    path(f"{_SITE}now/", views.host_site_now, name="host_site_now"),
    path("host-statements/", host_statement_list, name="host_statement_list"),
    path(
        "host-statements/<str:public_id>/",
        statement_views.host_statement_detail,
        name="host_statement_detail",
    ),
    path(
        "host-statements/<str:public_id>/pdf/",
        statement_views.host_statement_pdf,
        name="host_statement_pdf",
    ),
    path("sites/<str:public_id>/hosts/", access_views.site_hosts, name="site_hosts"),
]
