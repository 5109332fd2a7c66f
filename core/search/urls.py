"""Addresses of the search."""

from __future__ import annotations

from django.urls import path

from core.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/rows/", views.search_rows, name="search_rows"),
]
