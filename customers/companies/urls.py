"""Addresses of companies; the page of one stands with the tokens it shows."""

from __future__ import annotations

from django.urls import path

from customers.companies import edit_views, views

urlpatterns = [
    path("companies/", views.company_list, name="company_list"),
    path("companies/new/", edit_views.company_create, name="company_create"),
    path("companies/<str:public_id>/edit/", edit_views.company_edit, name="company_edit"),
    path("companies/<str:public_id>/account/", edit_views.company_account, name="company_account"),
    path("companies/<str:public_id>/status/", edit_views.company_status, name="company_status"),
]
