"""Addresses of dunning."""

from __future__ import annotations

from django.urls import path

from billing.dunning import account_views, views

_ONE = "dunning/<str:public_id>/"
_LETTER = "dunning-letters/<str:public_id>/"

urlpatterns = [
    path(
        "billing-accounts/<str:public_id>/money/",
        account_views.account_money,
        name="billing_account_money",
    ),
    path("dunning/", views.dunning_list, name="dunning_list"),
    path(_ONE, views.dunning_detail, name="dunning_detail"),
    path(f"{_ONE}pause/", views.dunning_pause, name="dunning_pause"),
    path(f"{_ONE}pause/end/", views.dunning_pause_end, name="dunning_pause_end"),
    path(f"{_ONE}waive/", views.dunning_waive, name="dunning_waive"),
    path(_LETTER, views.dunning_letter, name="dunning_letter"),
    path(f"{_LETTER}pdf/", views.dunning_letter_pdf, name="dunning_letter_pdf"),
    path(f"{_LETTER}printed/", views.dunning_letter_printed, name="dunning_letter_printed"),
    path("dunning-plan/", views.dunning_plan, name="dunning_plan"),
    path("reference-rates/", views.reference_rates, name="reference_rates"),
    path("ageing/", views.ageing_list, name="ageing_list"),
    path("collection-files/", views.collection_files, name="collection_files"),
    path(
        "collection-files/<str:public_id>/content/",
        views.collection_file_content,
        name="collection_file_content",
    ),
]
