"""Addresses of payments."""

from __future__ import annotations

from django.urls import path

from billing.payments import file_views

_FILE = "bank-files/<str:public_id>/"
_ROW = "bank-transactions/<str:public_id>/"

urlpatterns = [
    path("bank-files/", file_views.bank_file_list, name="bank_file_list"),
    path("bank-files/new/", file_views.bank_file_create, name="bank_file_create"),
    path(_FILE, file_views.bank_file_detail, name="bank_file_detail"),
    path(f"{_FILE}content/", file_views.bank_file_content, name="bank_file_content"),
    path("bank-transactions/", file_views.bank_transaction_list, name="bank_transaction_list"),
    path(_ROW, file_views.bank_transaction_detail, name="bank_transaction_detail"),
]
