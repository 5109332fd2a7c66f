"""Aggregator: the addresses of the billing app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from billing.spot.urls import urlpatterns as spot_urls

urlpatterns: list[URLPattern | URLResolver] = [*spot_urls]
