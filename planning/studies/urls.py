"""Addresses of studies."""

from __future__ import annotations

from django.urls import path

from planning.studies import exports, report, views

_STUDY = "studies/<str:public_id>/"

urlpatterns = [
    path("studies/", views.study_list, name="study_list"),
    path("studies/new/", views.study_create, name="study_create"),
    path(_STUDY, views.study_detail, name="study_detail"),
    path(f"{_STUDY}cancel/", views.study_cancel, name="study_cancel"),
    path(f"{_STUDY}again/", views.study_again, name="study_again"),
    path(f"{_STUDY}go-on/", views.study_go_on, name="study_go_on"),
    path(f"{_STUDY}compare/", views.study_compare, name="study_compare"),
    path(f"{_STUDY}plan.geojson", exports.study_geojson, name="study_geojson"),
    path(f"{_STUDY}report.pdf", report.study_pdf, name="study_pdf"),
    path(f"{_STUDY}plan.csv", exports.study_csv, name="study_csv"),
    path(f"{_STUDY}sites/<int:rank>/plan/", views.study_plan_site, name="study_plan_site"),
]
