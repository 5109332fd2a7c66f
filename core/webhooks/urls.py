"""Addresses of webhooks."""

from __future__ import annotations

from django.urls import path

from core.webhooks import confirm_views, lists, views

_ONE = "webhooks/<str:public_id>/"
urlpatterns = [
    path("webhooks/", lists.webhook_list, name="webhook_list"),
    path("webhooks/new/", views.webhook_create, name="webhook_create"),
    path(_ONE, views.webhook_detail, name="webhook_detail"),
    path(_ONE + "edit/", views.webhook_edit, name="webhook_edit"),
    path(_ONE + "test/", views.webhook_test, name="webhook_test"),
    path(_ONE + "switch/", confirm_views.webhook_switch, name="webhook_switch"),
    path(_ONE + "secret/", confirm_views.webhook_renew_secret, name="webhook_renew_secret"),
    path(_ONE + "delete/", confirm_views.webhook_delete, name="webhook_delete"),
    path("webhook-deliveries/", lists.webhook_delivery_list, name="webhook_delivery_list"),
    path("webhook-deliveries/<int:pk>/", views.webhook_delivery, name="webhook_delivery"),
    path("webhook-deliveries/<int:pk>/replay/", views.webhook_replay, name="webhook_replay"),
]
