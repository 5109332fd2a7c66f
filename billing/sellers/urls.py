"""Addresses of sellers and site contracts."""

from __future__ import annotations

from django.urls import path

from billing.sellers import contract_views, views

_ONE = "sellers/<str:public_id>/"
_SITE = "sites/<str:public_id>/contract/"

urlpatterns = [
    path("sellers/", views.seller_list, name="seller_list"),
    path("sellers/new/", views.seller_create, name="seller_create"),
    path(_ONE, views.seller_detail, name="seller_detail"),
    path(f"{_ONE}edit/", views.seller_edit, name="seller_edit"),
    path(f"{_ONE}series/", views.seller_series, name="seller_series"),
    path(f"{_ONE}default/", views.seller_default, name="seller_default"),
    path(f"{_ONE}retire/", views.seller_retire, name="seller_retire"),
    path(f"{_ONE}logo/", views.seller_logo, name="seller_logo"),
    path(f"{_ONE}logo/change/", views.seller_logo_change, name="seller_logo_change"),
    path("site-contracts/", contract_views.contract_list, name="site_contract_list"),
    path("site-contracts/new/", contract_views.site_contract_new, name="site_contract_new"),
    path(_SITE, contract_views.site_contract, name="site_contract"),
    path(f"{_SITE}change/", contract_views.site_contract_change, name="site_contract_change"),
    path(f"{_SITE}end/", contract_views.site_contract_end, name="site_contract_end"),
]
