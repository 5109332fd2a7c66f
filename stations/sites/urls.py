"""Addresses of forms of a site; its list and page stand with the rooms they show."""

from __future__ import annotations

from django.urls import path

from stations.sites import edit_views

urlpatterns = [
    path("sites/new/", edit_views.site_create, name="site_create"),
    path("sites/<str:public_id>/edit/", edit_views.site_edit, name="site_edit"),
    path("sites/<str:public_id>/retire/", edit_views.site_retire, name="site_retire"),
]
