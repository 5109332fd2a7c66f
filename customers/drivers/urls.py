"""Addresses of drivers; the page of one stands with the tokens it shows."""

from __future__ import annotations

from django.urls import path

from customers.drivers import edit_views, views

urlpatterns = [
    path("drivers/", views.driver_list, name="driver_list"),
    path("drivers/new/", edit_views.driver_create, name="driver_create"),
    path("drivers/<str:public_id>/edit/", edit_views.driver_edit, name="driver_edit"),
    path("drivers/<str:public_id>/account/", edit_views.driver_account, name="driver_account"),
    path("drivers/<str:public_id>/status/", edit_views.driver_status, name="driver_status"),
]
