"""Addresses of vehicles."""

from __future__ import annotations

from django.urls import path

from customers.vehicles import edit_views, views

urlpatterns = [
    path("vehicles/", views.vehicle_list, name="vehicle_list"),
    path("vehicles/new/", edit_views.vehicle_create, name="vehicle_create"),
    path("vehicles/<str:public_id>/", views.vehicle_detail, name="vehicle_detail"),
    path("vehicles/<str:public_id>/edit/", edit_views.vehicle_edit, name="vehicle_edit"),
    path("vehicles/<str:public_id>/end/", edit_views.vehicle_end, name="vehicle_end"),
]
