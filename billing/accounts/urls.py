"""Addresses of billing accounts, price groups and fees."""

from __future__ import annotations

from django.urls import path

from billing.accounts import edit_views, fee_views, group_views, views

_ONE = "billing-accounts/<str:public_id>/"
_GROUP = "price-groups/<str:public_id>/"

urlpatterns = [
    path("billing-accounts/", views.account_list, name="billing_account_list"),
    path("billing-accounts/new/", edit_views.account_create, name="billing_account_create"),
    path(_ONE, views.account_detail, name="billing_account_detail"),
    path(f"{_ONE}edit/", edit_views.account_edit, name="billing_account_edit"),
    path(f"{_ONE}status/", edit_views.account_status, name="billing_account_status"),
    path(f"{_ONE}price-group/", edit_views.account_price_group, name="billing_account_price_group"),
    path(f"{_ONE}vat-check/", edit_views.account_vat_check, name="billing_account_vat_check"),
    path(f"{_ONE}fees/", fee_views.account_fees, name="billing_account_fees"),
    path(f"{_ONE}fees/new/", fee_views.fee_create, name="fee_create"),
    path("fees/", fee_views.fee_list, name="fee_list"),
    path("fees/<str:public_id>/", fee_views.fee_detail, name="fee_detail"),
    path("fees/<str:public_id>/edit/", fee_views.fee_edit, name="fee_edit"),
    path("fees/<str:public_id>/end/", fee_views.fee_end, name="fee_end"),
    path("fees/<str:public_id>/remove/", fee_views.fee_delete, name="fee_delete"),
    path("price-groups/", group_views.price_group_list, name="price_group_list"),
    path("price-groups/new/", group_views.price_group_create, name="price_group_create"),
    path(_GROUP, group_views.price_group_detail, name="price_group_detail"),
    path(f"{_GROUP}edit/", group_views.price_group_edit, name="price_group_edit"),
    path(f"{_GROUP}retire/", group_views.price_group_retire, name="price_group_retire"),
]
