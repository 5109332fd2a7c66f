"""Addresses of guests, short enough for a code."""

from __future__ import annotations

from django.urls import path

from customers.guests import views

_VISIT = "g/v/<str:ref>/"

urlpatterns = [
    path(_VISIT, views.guest_visit, name="guest_visit"),
    path(f"{_VISIT}back/", views.guest_back, name="guest_back"),
    path(f"{_VISIT}start/", views.guest_start, name="guest_start"),
    path(f"{_VISIT}stop/", views.guest_stop, name="guest_stop"),
    path(f"{_VISIT}call-off/", views.guest_call_off, name="guest_call_off"),
    path(f"{_VISIT}pay/", views.guest_pay_later, name="guest_pay_later"),
    path(f"{_VISIT}mail/", views.guest_mail, name="guest_mail"),
    path(f"{_VISIT}receipt.pdf", views.guest_receipt, name="guest_receipt"),
    path("g/<slug:code>/", views.guest_code, name="guest_code"),
    path("g/<slug:code>/terms/", views.guest_terms, name="guest_terms"),
]
