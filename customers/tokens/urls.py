"""Addresses of id tokens."""

from __future__ import annotations

from django.urls import path

from customers.tokens import edit_views, views

urlpatterns = [
    path("tokens/", views.token_list, name="token_list"),
    path("tokens/new/", edit_views.token_create, name="token_create"),
    path("tokens/<int:pk>/", edit_views.token_detail, name="token_detail"),
    path("tokens/<int:pk>/edit/", edit_views.token_edit, name="token_edit"),
    path("tokens/<int:pk>/block/", edit_views.token_block, name="token_block"),
    path("tokens/<int:pk>/delete/", edit_views.token_delete, name="token_delete"),
]
