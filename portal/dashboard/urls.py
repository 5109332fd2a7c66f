"""Addresses of the operator home."""

from __future__ import annotations

from django.urls import path

from portal.dashboard import views

urlpatterns = [
    path("", views.home, name="home"),
    path("home/tiles/", views.home_tiles, name="home_tiles"),
    path("home/attention/", views.home_attention, name="home_attention"),
    path("home/places/", views.home_places, name="home_places"),
]
