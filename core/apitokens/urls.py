"""Addresses of API tokens."""

from __future__ import annotations

from django.urls import path

from core.apitokens import views

urlpatterns = [
    path("api-tokens/", views.api_token_list, name="api_token_list"),
    path("api-requests/", views.api_request_list, name="api_request_list"),
    path("api-tokens/new/", views.api_token_create, name="api_token_create"),
    path("api-tokens/<int:pk>/", views.api_token_detail, name="api_token_detail"),
    path("api-tokens/<int:pk>/revoke/", views.api_token_revoke, name="api_token_revoke"),
]
