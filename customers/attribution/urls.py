"""Addresses of attribution."""

from __future__ import annotations

from django.urls import path

from customers.attribution import views

urlpatterns = [
    path("why-tariff/", views.why_tariff, name="why_tariff"),
    path("sessions/<str:public_id>/payer/", views.session_payer, name="session_payer"),
    path(
        "billing-accounts/<str:public_id>/people/",
        views.account_people,
        name="billing_account_people",
    ),
]
