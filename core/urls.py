"""Addresses of the kernel: one's own settings, live events, records, search, tokens, webhooks."""

from __future__ import annotations

from django.urls import include, path

from core.accounts import preferences, second_factor
from core.ui.basemap import base_map

urlpatterns = [
    path("me/", preferences.preferences, name="preferences"),
    path("me/language/", preferences.set_language, name="set_language"),
    path("me/theme/", preferences.set_theme, name="set_theme"),
    path("me/time-zone/", preferences.set_time_zone, name="set_time_zone"),
    path("me/second-factor/", second_factor.needed, name="second_factor_needed"),
    path("me/operator/", preferences.switch_operator, name="switch_operator"),
    path("map/base.pmtiles", base_map, name="base_map"),
    path("", include("core.attention.urls")),
    path("", include("core.live.urls")),
    path("", include("core.audit.urls")),
    path("", include("core.notes.urls")),
    path("", include("core.operators.urls")),
    path("", include("core.notifications.urls")),
    path("", include("core.search.urls")),
    path("", include("core.imports.urls")),
    path("", include("core.lists.urls")),
    path("", include("core.schedules.urls")),
    path("", include("core.attachments.urls")),
    path("", include("core.apitokens.urls")),
    path("", include("core.members.urls")),
    path("", include("core.webhooks.urls")),
]
