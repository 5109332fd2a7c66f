"""Addresses of planned stations."""

from __future__ import annotations

from django.urls import path

from planning.building import views

urlpatterns = [
    path(
        "sites/<str:public_id>/planned-stations/", views.site_add_planned, name="site_add_planned"
    ),
]
