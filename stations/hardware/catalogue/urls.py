"""Addresses of the model catalogue."""

from __future__ import annotations

from django.urls import path

from stations.hardware.catalogue import views

_ONE = "catalogue/<str:public_id>"

urlpatterns = [
    path("catalogue/", views.model_list, name="model_list"),
    path("catalogue/new/", views.model_create, name="model_create"),
    path(f"{_ONE}/", views.model_detail, name="model_detail"),
    path(f"{_ONE}/edit/", views.model_edit, name="model_edit"),
    path(f"{_ONE}/retire/", views.model_retire, name="model_retire"),
    path(f"{_ONE}/quirks/new/", views.model_quirk_add, name="model_quirk_add"),
    path(f"{_ONE}/quirks/<int:quirk>/remove/", views.model_quirk_remove, name="model_quirk_remove"),
    path("stations/<str:public_id>/quirks/", views.station_quirks, name="station_quirks"),
]
