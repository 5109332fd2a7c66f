"""Addresses of the operator's setup."""

from __future__ import annotations

from django.urls import path

from core.operators import views

urlpatterns = [
    path("operator/", views.operator_setup, name="operator_setup"),
    path("operator/logo.png", views.operator_logo, name="operator_logo"),
    path("operator/logo/", views.operator_logo_change, name="operator_logo_change"),
    path("operator/test-mail/", views.operator_test_mail, name="operator_test_mail"),
    path("operator/texts/", views.operator_texts, name="operator_texts"),
    path("operator/texts/<int:pk>/", views.operator_text, name="operator_text"),
    *(
        path(
            f"operator/{section}/",
            views.operator_section,
            {"section": section},
            name=f"operator_{section}",
        )
        for section in views.SECTIONS
    ),
]
