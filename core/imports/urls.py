"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from core.imports import views

urlpatterns = [
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_create, name="import_create"),
    path("imports/template/", views.import_template, name="import_template"),
    path("imports/<str:public_id>/", views.import_detail, name="import_detail"),
    path("imports/<str:public_id>/discard/", views.import_discard, name="import_discard"),
    path("imports/<str:public_id>/errors/", views.import_errors, name="import_errors"),
    path("imports/<str:public_id>/original/", views.import_original, name="import_original"),
]
