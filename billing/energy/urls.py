"""Addresses of energy costs and of the energy balance."""

from __future__ import annotations

from django.urls import path

from billing.energy import balance_views, views

_ONE = "energy-costs/<str:public_id>/"

urlpatterns = [
    path("energy-costs/", views.energy_cost_list, name="energy_cost_list"),
    path("energy-costs/new/", views.energy_cost_create, name="energy_cost_create"),
    path(_ONE, views.energy_cost_detail, name="energy_cost_detail"),
    path(f"{_ONE}edit/", views.energy_cost_edit, name="energy_cost_edit"),
    path(f"{_ONE}delete/", views.energy_cost_delete, name="energy_cost_delete"),
    path("energy-balance/", balance_views.energy_balance, name="energy_balance"),
]
