"""Addresses of the reports."""

from __future__ import annotations

from django.urls import path

from portal.reports import views

urlpatterns = [
    path("reports/", views.report_home, name="report_home"),
    path("reports/energy/", views.report_energy, name="report_energy"),
    path("reports/utilisation/", views.report_utilisation, name="report_utilisation"),
    path("uptime/pdf/", views.uptime_paper, name="uptime_pdf"),
    path("reports/stations/", views.report_stations, name="report_stations"),
]
