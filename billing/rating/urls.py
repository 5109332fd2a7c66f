"""Addresses of rated sessions and revenue."""

from __future__ import annotations

from django.urls import path

from billing.rating import revenue_views, views

urlpatterns = [
    path("rated-sessions/", views.rated_list, name="rated_list"),
    path("rated-sessions/<str:public_id>/", views.rated_detail, name="rated_detail"),
    path("rated-sessions/<str:public_id>/cdr/", views.rated_cdr, name="rated_cdr"),
    path("revenue/", revenue_views.revenue, name="revenue"),
]
