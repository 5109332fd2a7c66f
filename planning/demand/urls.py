"""Addresses of demand models."""

from __future__ import annotations

from django.urls import path

from planning.demand import generate_views, views

_MODEL = "demand/<str:public_id>/"

urlpatterns = [
    path("layers/generate/", generate_views.layer_generate, name="layer_generate"),
    path("demand/", views.demand_model_list, name="demand_model_list"),
    path("demand/new/", views.demand_model_create, name="demand_model_create"),
    path(_MODEL, views.demand_model_detail, name="demand_model_detail"),
    path(f"{_MODEL}edit/", views.demand_model_edit, name="demand_model_edit"),
    path(f"{_MODEL}delete/", views.demand_model_delete, name="demand_model_delete"),
    path(f"{_MODEL}calibrate/", views.demand_model_calibrate, name="demand_model_calibrate"),
    path(f"{_MODEL}places.csv", views.demand_model_csv, name="demand_model_csv"),
]
