"""Addresses of card payments."""

from __future__ import annotations

from django.urls import path

from billing.payments.cards import other_views, views

_ROW = "card-payments/<str:public_id>/"
_PAYOUT = "card-payouts/<str:public_id>/"

urlpatterns = [
    path("card-payments/", views.card_payment_list, name="card_payment_list"),
    path(
        "card-payments/failed/", views.failed_card_payment_list, name="failed_card_payment_list"
    ),
    path("card-settings/", other_views.card_settings, name="card_settings"),
    path("sellers/<str:public_id>/cards/", other_views.card_keys, name="card_keys"),
    path("sellers/<str:public_id>/cards/switch/", other_views.card_switch, name="card_switch"),
    path("sellers/<str:public_id>/terminals/", other_views.terminal_keys, name="terminal_keys"),
    path(
        "sellers/<str:public_id>/terminals/switch/", other_views.terminal_switch,
        name="terminal_switch",
    ),
    path("card-disputes/", other_views.card_dispute_list, name="card_dispute_list"),
    path(
        "card-disputes/<str:public_id>/", other_views.card_dispute_detail,
        name="card_dispute_detail",
    ),
    path("card-events/", other_views.card_event_list, name="card_event_list"),
    path("card-events/<int:pk>/", other_views.card_event_detail, name="card_event_detail"),
    path("card-events/<int:pk>/replay/", other_views.card_event_replay, name="card_event_replay"),
    path("card-payouts/", other_views.card_payout_list, name="card_payout_list"),
    path(_PAYOUT, other_views.card_payout_detail, name="card_payout_detail"),
    path(f"{_PAYOUT}match/", other_views.card_payout_match, name="card_payout_match"),
    path(_ROW, views.card_payment_detail, name="card_payment_detail"),
    path(f"{_ROW}ask/", views.card_payment_ask, name="card_payment_ask"),
    path(f"{_ROW}release/", views.card_payment_release, name="card_payment_release"),
    path(
        "payments/<str:public_id>/card-refund/", views.payment_card_refund,
        name="payment_card_refund",
    ),
    path(
        "invoices/<str:public_id>/card-refund/", views.credit_note_card_refund,
        name="credit_note_card_refund",
    ),
]  # fmt: skip
