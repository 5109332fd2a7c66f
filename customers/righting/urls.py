"""Addresses of putting sessions right."""

from __future__ import annotations

from django.urls import path

from customers.righting import views

urlpatterns = [
    path("sessions/<str:public_id>/put-right/", views.session_put_right, name="session_put_right"),
]
