"""Addresses of takeovers."""

from __future__ import annotations

from django.urls import path

from customers.takeover import views

urlpatterns = [
    path("takeovers/", views.takeover_list, name="takeover_list"),
    path("takeovers/new/", views.takeover_create, name="takeover_create"),
    path("takeovers/<str:public_id>/", views.takeover_detail, name="takeover_detail"),
    path("takeovers/<str:public_id>/close/", views.takeover_close, name="takeover_close"),
]
