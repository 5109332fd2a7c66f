"""The address of how sites are used."""

from __future__ import annotations

from django.urls import path

from planning.watching import views

urlpatterns = [path("network-use/", views.network_use, name="network_use")]
