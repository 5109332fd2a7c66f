"""Aggregator: the REST addresses of billing."""

from __future__ import annotations

from django.urls import URLPattern

from billing.spot.api import urls as spot_urls

urls: list[URLPattern] = [*spot_urls]
