"""Addresses of files and deliveries of invoices."""

from __future__ import annotations

from django.urls import path

from billing.invoices import delivery_views as views

_ONE = "invoices/<str:public_id>/"

urlpatterns = [
    path(f"{_ONE}pdf/", views.invoice_pdf, name="invoice_pdf"),
    path(f"{_ONE}ubl/", views.invoice_ubl, name="invoice_ubl"),
    path(f"{_ONE}delivery/", views.invoice_delivery, name="invoice_delivery"),
    path(f"{_ONE}send/", views.invoice_send, name="invoice_send"),
    path(f"{_ONE}retry-files/", views.invoice_files_retry, name="invoice_files_retry"),
    path("invoice-files/", views.invoice_files, name="invoice_files"),
    path("invoice-deliveries/", views.delivery_list, name="invoice_delivery_list"),
    path(
        "invoice-deliveries/<str:public_id>/done/",
        views.delivery_done,
        name="invoice_delivery_done",
    ),
]
