"""Addresses of spot prices."""

from __future__ import annotations

from django.urls import path

from billing.spot import edit_views, views

urlpatterns = [
    path("spot/", views.spot_day_page, name="spot_day_page"),
    path("spot/prices/", views.spot_price_list, name="spot_price_list"),
    path("spot/rates/", views.exchange_rate_list, name="exchange_rate_list"),
    path("spot/rates/new/", edit_views.exchange_rate_create, name="exchange_rate_create"),
    path("spot/imports/", views.spot_import_list, name="spot_import_list"),
    path("spot/imports/new/", edit_views.spot_import_create, name="spot_import_create"),
    path("spot/imports/<str:public_id>/", edit_views.spot_import_detail, name="spot_import_detail"),
    path(
        "spot/imports/<str:public_id>/discard/",
        edit_views.spot_import_discard,
        name="spot_import_discard",
    ),
    path(
        "spot/imports/<str:public_id>/file/", edit_views.spot_import_file, name="spot_import_file"
    ),
]
