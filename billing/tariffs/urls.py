"""Addresses of tariffs and assignments."""

from __future__ import annotations

from django.urls import path

from billing.tariffs import change_views, edit_views, notice_views, views

_ONE = "tariffs/<str:public_id>"

urlpatterns = [
    path("tariffs/", views.tariff_list, name="tariff_list"),
    path("tariffs/new/", edit_views.tariff_create, name="tariff_create"),
    path("tariffs/new/price/", edit_views.tariff_new, name="tariff_new"),
    path("tariffs/import/", change_views.tariff_import, name="tariff_import"),
    path("tariffs/preview/", edit_views.tariff_preview, name="tariff_preview"),
    path(f"{_ONE}/", views.tariff_detail, name="tariff_detail"),
    path(f"{_ONE}/edit/", edit_views.tariff_edit, name="tariff_edit"),
    path(f"{_ONE}/draft/", edit_views.tariff_draft, name="tariff_draft"),
    path(f"{_ONE}/draft/discard/", change_views.tariff_discard, name="tariff_discard"),
    path(f"{_ONE}/publish/", change_views.tariff_publish, name="tariff_publish"),
    path(f"{_ONE}/retire/", change_views.tariff_retire, name="tariff_retire"),
    path(f"{_ONE}/assign/", change_views.tariff_assign, name="tariff_assign"),
    path(f"{_ONE}/roll-out/", notice_views.tariff_roll_out, name="tariff_roll_out"),
    path(f"{_ONE}/json/", views.tariff_json, name="tariff_json"),
    path(f"{_ONE}/versions/<int:version>/", views.tariff_version, name="tariff_version"),
    path(
        f"{_ONE}/versions/<int:version>/withdraw/",
        change_views.tariff_withdraw,
        name="tariff_withdraw",
    ),
    path("tariff-assignments/", views.tariff_assignment_list, name="tariff_assignment_list"),
    path(
        "tariff-assignments/<str:public_id>/end/",
        change_views.tariff_assignment_end,
        name="tariff_assignment_end",
    ),
    path("price-notices/", notice_views.price_notice_list, name="price_notice_list"),
    path("price-notices/rules/", notice_views.notice_rules, name="notice_rules"),
    path(
        "price-notices/<str:public_id>/",
        notice_views.price_notice_detail,
        name="price_notice_detail",
    ),
    path(
        "price-notices/<str:public_id>/send-again/",
        notice_views.price_notice_send_again,
        name="price_notice_send_again",
    ),
    path("price-notice-letters/", notice_views.notice_delivery_list, name="notice_delivery_list"),
    path(
        "price-notice-letters/<str:public_id>/",
        notice_views.notice_delivery_detail,
        name="notice_delivery_detail",
    ),
]
