"""Addresses of the review queue."""

from __future__ import annotations

from django.urls import path

from billing.review import session_views, views

_ONE = "review/<str:public_id>"

urlpatterns = [
    path("review/", views.review_list, name="review_list"),
    path("review/rules/", session_views.review_rules, name="review_rules"),
    path(f"{_ONE}/", session_views.review_detail, name="review_detail"),
    path(f"{_ONE}/retry/", session_views.review_retry, name="review_retry"),
    path(f"{_ONE}/answer/<str:answer>/", session_views.review_answer, name="review_answer"),
    path(f"{_ONE}/decide/<str:decision>/", session_views.review_decide, name="review_decide"),
]
