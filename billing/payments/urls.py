"""Addresses of payments."""

from __future__ import annotations

from django.urls import path

from billing.payments import file_views, sorting_views, views

_FILE = "bank-files/<str:public_id>/"
_ROW = "bank-transactions/<str:public_id>/"
_PAYMENT = "payments/<str:public_id>/"
_REFUND = "refunds/<str:public_id>/"

urlpatterns = [
    path("bank-files/", file_views.bank_file_list, name="bank_file_list"),
    path("bank-files/new/", file_views.bank_file_create, name="bank_file_create"),
    path(_FILE, file_views.bank_file_detail, name="bank_file_detail"),
    path(f"{_FILE}content/", file_views.bank_file_content, name="bank_file_content"),
    path("bank-transactions/", file_views.bank_transaction_list, name="bank_transaction_list"),
    path(_ROW, sorting_views.bank_transaction_detail, name="bank_transaction_detail"),
    path(f"{_ROW}accept/", sorting_views.bank_transaction_accept, name="bank_transaction_accept"),
    path(f"{_ROW}match/", sorting_views.bank_transaction_match, name="bank_transaction_match"),
    path(
        f"{_ROW}reversal/", sorting_views.bank_transaction_reversal,
        name="bank_transaction_reversal",
    ),
    path(f"{_ROW}ignore/", sorting_views.bank_transaction_ignore, name="bank_transaction_ignore"),
    path(f"{_ROW}undo/", sorting_views.bank_transaction_undo, name="bank_transaction_undo"),
    path("payments/", views.payment_list, name="payment_list"),
    path("payments/new/", views.payment_create, name="payment_create"),
    path(_PAYMENT, views.payment_detail, name="payment_detail"),
    path(f"{_PAYMENT}reverse/", views.payment_reverse, name="payment_reverse"),
    path(f"{_PAYMENT}refund/", views.refund_create, name="refund_create"),
    path(
        "invoices/<str:public_id>/refund/", views.credit_note_refund, name="credit_note_refund"
    ),
    path("refunds/", views.refund_list, name="refund_list"),
    path(_REFUND, views.refund_detail, name="refund_detail"),
    path(f"{_REFUND}paid/", views.refund_paid, name="refund_paid"),
    path(f"{_REFUND}cancel/", views.refund_cancel, name="refund_cancel"),
    path("payout-files/", views.payout_file_list, name="payout_file_list"),
    path("payout-files/new/", views.payout_file_create, name="payout_file_create"),
    path(
        "payout-files/<str:public_id>/content/", views.payout_file_content,
        name="payout_file_content",
    ),
]  # fmt: skip
