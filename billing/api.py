"""Aggregator: the REST addresses of billing."""

from __future__ import annotations

from django.urls import URLPattern

urls: list[URLPattern] = []
