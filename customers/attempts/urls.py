"""Addresses of authorisation attempts."""

from __future__ import annotations

from django.urls import path

from customers.attempts import views

urlpatterns = [
    path("authorisations/", views.attempt_list, name="attempt_list"),
    path("authorisations/<int:pk>/assign/", views.attempt_assign, name="attempt_assign"),
]
