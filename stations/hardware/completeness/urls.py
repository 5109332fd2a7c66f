"""Addresses of completeness."""

from __future__ import annotations

from django.urls import path

from stations.hardware.completeness import views

urlpatterns = [
    path("completeness/", views.completeness, name="completeness"),
    path("completeness/sites/", views.site_gap_list, name="site_gap_list"),
    path("completeness/evses/", views.evse_gap_list, name="evse_gap_list"),
]
