"""Addresses of charging bases."""

from __future__ import annotations

from django.urls import path

from customers.basis import views

urlpatterns = [
    path("charging-bases/", views.charging_basis_list, name="charging_basis_list"),
    path(
        "charging-bases/<str:public_id>/", views.charging_basis_detail,
        name="charging_basis_detail",
    ),
    path(
        "charging-bases/<str:public_id>/file/", views.charging_basis_file,
        name="charging_basis_file",
    ),
    path(
        "charging-bases/<str:public_id>/send/", views.charging_basis_send,
        name="charging_basis_send",
    ),
    path(
        "sites/<str:public_id>/charging-basis/", views.site_charging_basis,
        name="site_charging_basis",
    ),
    path(
        "sites/<str:public_id>/charging-basis/freeze/", views.site_charging_basis_freeze,
        name="site_charging_basis_freeze",
    ),
    path(
        "sites/<str:public_id>/charging-basis/layout/", views.site_charging_basis_layout,
        name="site_charging_basis_layout",
    ),
]  # fmt: skip
