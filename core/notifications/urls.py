"""Addresses of notifications."""

from __future__ import annotations

from django.urls import path

from core.notifications import views

urlpatterns = [
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/read/", views.notification_read_all, name="notification_read_all"),
    path("notifications/<int:pk>/", views.notification_detail, name="notification_detail"),
    path("me/notifications/", views.notification_choices, name="notification_choices"),
    path("operator/notifications/", views.notification_roles, name="notification_roles"),
]
