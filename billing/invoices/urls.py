"""Addresses of invoices, billing runs and manual items."""

from __future__ import annotations

from django.urls import path

from billing.invoices import run_views, views

_ONE = "invoices/<str:public_id>/"
_RUN = "billing-runs/<str:public_id>/"
_ITEM = "manual-items/<str:public_id>/"

urlpatterns = [
    path("invoices/", views.invoice_list, name="invoice_list"),
    path(_ONE, views.invoice_detail, name="invoice_detail"),
    path(f"{_ONE}issue/", views.invoice_issue, name="invoice_issue"),
    path(f"{_ONE}delete/", views.invoice_delete, name="invoice_delete"),
    path(f"{_ONE}dispute/", views.invoice_dispute, name="invoice_dispute"),
    path(f"{_ONE}credit/", views.invoice_credit, name="invoice_credit"),
    path("billing-runs/", run_views.billing_run_list, name="billing_run_list"),
    path("billing-runs/new/", run_views.billing_run_create, name="billing_run_create"),
    path(_RUN, run_views.billing_run_detail, name="billing_run_detail"),
    path(f"{_RUN}approve/", run_views.billing_run_approve, name="billing_run_approve"),
    path(f"{_RUN}refresh/", run_views.billing_run_refresh, name="billing_run_refresh"),
    path(f"{_RUN}discard/", run_views.billing_run_discard, name="billing_run_discard"),
    path("sellers/<str:public_id>/invoicing/", run_views.billing_rules, name="billing_rules"),
    path("manual-items/", views.manual_item_list, name="manual_item_list"),
    path("manual-items/new/", views.manual_item_create, name="manual_item_create"),
    path(_ITEM, views.manual_item_detail, name="manual_item_detail"),
    path(f"{_ITEM}edit/", views.manual_item_edit, name="manual_item_edit"),
    path(f"{_ITEM}remove/", views.manual_item_delete, name="manual_item_delete"),
]
