"""Addresses of notes."""

from __future__ import annotations

from django.urls import path

from core.notes import views

urlpatterns = [
    path("notes/<int:pk>/edit/", views.note_edit, name="note_edit"),
    path("notes/<int:pk>/pin/", views.note_pin, name="note_pin"),
    path("notes/<str:kind>/<str:ref>/", views.note_page, name="note_page"),
]
