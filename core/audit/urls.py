"""Addresses of the audit trail."""

from __future__ import annotations

from django.urls import path

from core.audit import views

urlpatterns = [
    path("audit/", views.audit_list, name="audit_list"),
    path("audit/<int:pk>/", views.audit_detail, name="audit_detail"),
]
