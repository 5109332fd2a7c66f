"""Aggregator: the addresses of the customers app."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("customers.tokens.urls"))]
