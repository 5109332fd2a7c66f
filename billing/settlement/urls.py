"""Addresses of settlement."""

from __future__ import annotations

from django.urls import path

from billing.settlement import payout_views, views

_ONE = "statements/<str:public_id>/"
_BATCH = "payout-batches/<str:public_id>/"
_SITE = "sites/<str:public_id>/host-terms/"

urlpatterns = [
    path("statements/", views.statement_list, name="statement_list"),
    path("statement-items/", views.statement_item_list, name="statement_item_list"),
    path(_ONE, views.statement_detail, name="statement_detail"),
    path(f"{_ONE}pdf/", views.statement_paper, name="statement_pdf"),
    path(f"{_ONE}issue/", views.statement_issue, name="statement_issue"),
    path(f"{_ONE}send/", views.statement_send, name="statement_send"),
    path(f"{_ONE}host-invoice/", views.statement_host_invoice, name="statement_host_invoice"),
    path(_SITE, views.site_host_terms, name="site_host_terms"),
    path(f"{_SITE}change/", views.site_host_terms_change, name="site_host_terms_change"),
    path("payout-batches/", payout_views.payout_batch_list, name="payout_batch_list"),
    path("payout-batches/new/", payout_views.payout_batch_create, name="payout_batch_create"),
    path(_BATCH, payout_views.payout_batch_detail, name="payout_batch_detail"),
    path(f"{_BATCH}approve/", payout_views.payout_batch_approve, name="payout_batch_approve"),
    path(f"{_BATCH}order/", payout_views.payout_batch_order, name="payout_batch_order"),
    path(f"{_BATCH}cancel/", payout_views.payout_batch_cancel, name="payout_batch_cancel"),
    path(f"{_BATCH}content/", payout_views.payout_batch_content, name="payout_batch_content"),
    path(
        "host-payouts/<str:public_id>/paid/",
        payout_views.host_payout_paid,
        name="host_payout_paid",
    ),
    path("host-terms/<str:public_id>/end/", views.host_terms_end, name="host_terms_end"),
]
