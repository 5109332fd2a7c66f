"""All addresses: pages, API, webhooks, health."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("portal.api")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
