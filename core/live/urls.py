"""Addresses of live events (the stream itself is mounted in portal/asgi.py)."""

from __future__ import annotations

from django.urls import path

from core.live.views import live_ticket

urlpatterns = [path("live/ticket/", live_ticket, name="live_ticket")]
