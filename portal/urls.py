"""All addresses: pages, API, webhooks, health."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from billing.invoices.mail_event_views import mailgun_events
from billing.payments.cards.hook_views import card_events
from portal import health

handler400 = "portal.errors.bad_request"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
    # Before the pages, hundreds of which would be tried first.
    path("api/v1/", include("portal.api")),
    path("", include("portal.dashboard.urls")),
    path("", include("portal.hosts.urls")),
    path("", include("portal.reports.urls")),
    path("", include("core.urls")),
    path("", include("stations.urls")),
    path("", include("billing.urls")),
    path("", include("customers.urls")),
    path("", include("planning.urls")),
    path("api/hooks/mailgun", mailgun_events, name="mailgun_events"),
    path("api/hooks/cards/<str:public_id>", card_events, name="card_events"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
