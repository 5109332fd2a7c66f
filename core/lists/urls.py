"""Addresses of what lists have in common."""

from __future__ import annotations

from django.urls import path

from core.lists import bulk_views

urlpatterns = [path("bulk/<str:public_id>/", bulk_views.bulk_run, name="bulk_run")]
