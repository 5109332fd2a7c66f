"""Addresses of id tokens, and of the pages of their owners."""

from __future__ import annotations

from django.urls import path

from customers.tokens import edit_views, owner_views, views

urlpatterns = [
    path("companies/<str:public_id>/", owner_views.company_detail, name="company_detail"),
    path("drivers/<str:public_id>/", owner_views.driver_detail, name="driver_detail"),
    path("tokens/", views.token_list, name="token_list"),
    path("tokens/new/", edit_views.token_create, name="token_create"),
    path("tokens/<int:pk>/", edit_views.token_detail, name="token_detail"),
    path("tokens/<int:pk>/edit/", edit_views.token_edit, name="token_edit"),
    path("tokens/<int:pk>/block/", edit_views.token_block, name="token_block"),
    path("tokens/<int:pk>/delete/", edit_views.token_delete, name="token_delete"),
]
