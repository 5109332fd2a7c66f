"""REST: disputes, webhooks, payouts and accounts of card payments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.payments.api import PaymentReasonSerializer, given
from billing.payments.bank_models import BankTransaction
from billing.payments.cards import accounts, events, payouts, selectors
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.event_models import CardPayout, CardPayoutPart, ProviderEvent
from billing.payments.cards.models import CardDispute
from billing.payments.cards.other_lists import CardPayoutFilter, DisputeFilter, EventFilter
from billing.payments.cards.other_views import hook_url
from billing.sellers.models import Seller
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


class CardDisputeSerializer(serializers.ModelSerializer[CardDispute]):
    """A dispute; ``reversal`` is the payment that took it back."""

    id = serializers.CharField(source="public_id")
    card_payment = serializers.CharField(
        source="card_payment.public_id", allow_null=True, default=None
    )
    reversal = serializers.CharField(source="reversal.public_id", allow_null=True, default=None)
    provider_id = serializers.CharField(source="ref")

    class Meta:
        model = CardDispute
        fields = (
            "id", "card_payment", "provider_id", "amount", "currency", "reason", "state",
            "respond_by_at", "opened_at", "closed_at", "reversal", "note",
        )  # fmt: skip


class CardEventSerializer(serializers.ModelSerializer[ProviderEvent]):
    """A webhook of a provider."""

    provider_id = serializers.CharField(source="ref")

    class Meta:
        model = ProviderEvent
        fields = (
            "id", "provider_id", "kind", "object_ref", "state", "times", "attempts", "made_at",
            "received_at", "applied_at", "error",
        )  # fmt: skip


class CardEventDetailSerializer(CardEventSerializer):
    """A webhook with its raw copy."""

    class Meta(CardEventSerializer.Meta):
        fields = (*CardEventSerializer.Meta.fields, "raw")  # type: ignore[assignment]  # a longer tuple


class CardPayoutSerializer(serializers.ModelSerializer[CardPayout]):
    """What a provider sent to the bank: ``gross`` less ``fee`` is ``amount``."""

    id = serializers.CharField(source="public_id")
    seller = serializers.CharField(source="card_account.seller.public_id")
    provider_id = serializers.CharField(source="ref")
    bank_transaction = serializers.CharField(
        source="bank_transaction.public_id", allow_null=True, default=None
    )

    class Meta:
        model = CardPayout
        fields = (
            "id", "seller", "provider_id", "state", "gross", "fee", "amount", "currency",
            "arrives_on", "bank_transaction", "matched_at", "message",
        )  # fmt: skip


class CardPayoutPartSerializer(serializers.ModelSerializer[CardPayoutPart]):
    """A part of a payout."""

    card_payment = serializers.CharField(
        source="card_payment.public_id", allow_null=True, default=None
    )
    provider_id = serializers.CharField(source="ref")

    class Meta:
        model = CardPayoutPart
        fields = ("kind", "provider_id", "card_payment", "amount", "fee", "net")


class CardPayoutDetailSerializer(CardPayoutSerializer):
    """A payout with its parts."""

    parts = CardPayoutPartSerializer(many=True)

    class Meta(CardPayoutSerializer.Meta):
        fields = (*CardPayoutSerializer.Meta.fields, "parts")  # type: ignore[assignment]  # a longer tuple


class CardPayoutMatchSerializer(Input):
    """The bank transaction that a payout is."""

    transaction = serializers.CharField(max_length=24)


class CardAccountSerializer(serializers.ModelSerializer[ProviderAccount]):
    """A seller's account at a provider; of the key only its end is told."""

    seller = serializers.CharField(source="seller.public_id")
    webhook_url = serializers.SerializerMethodField()

    class Meta:
        model = ProviderAccount
        fields = (
            "seller", "provider", "is_terminal", "key_hint", "is_live", "is_active", "hold_amount",
            "refund_limit", "webhook_url",
        )  # fmt: skip

    def get_webhook_url(self, row: ProviderAccount) -> str:
        """Where the provider sends its webhooks."""
        return hook_url(row)


class CardAccountWriteSerializer(Input):
    """Keys, tried at the provider before they are kept; empty ones stay as they are."""

    secret_key = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", write_only=True
    )
    webhook_secret = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", write_only=True
    )
    hold_amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=1)
    refund_limit = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )


class TerminalAccountWriteSerializer(Input):
    """The key at the gateway, tried before it is kept; an empty one stays as it is."""

    secret_key = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", write_only=True
    )
    hold_amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=1)
    refund_limit = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )


class CardSwitchSerializer(Input):
    """Whether cards are taken, and why that changes."""

    is_active = serializers.BooleanField()
    reason = serializers.CharField(max_length=500)


class CardDisputeList(ListView):
    """Disputes, the latest first."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardDisputeSerializer
    filterset_class = DisputeFilter

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return selectors.disputes()


class CardDisputeDetail(DetailView):
    """One dispute."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardDisputeSerializer

    def get_object(self) -> Any:
        """The caller's own dispute, or 404."""
        return get_object_or_404(selectors.disputes(), public_id=self.kwargs["ref"])


class CardEventList(ListView):
    """Webhooks of providers, the latest first."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardEventSerializer
    filterset_class = EventFilter

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return selectors.events()


def _event(number: str) -> ProviderEvent:
    found: ProviderEvent = get_object_or_404(selectors.events(), pk=int(number))
    return found


class CardEventDetail(DetailView):
    """One webhook as it came."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardEventDetailSerializer

    def get_object(self) -> Any:
        """The caller's own webhook, or 404."""
        return _event(self.kwargs["number"])


class CardEventReplay(ScopedView):
    """POST applies a webhook again."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PaymentReasonSerializer, responses=CardEventDetailSerializer)
    def post(self, request: Request, number: str) -> Response:
        """How things stand is asked at the provider; nothing is booked twice."""
        row = events.replay(event=_event(number), **given(PaymentReasonSerializer, request))
        return Response(CardEventDetailSerializer(row).data)


class CardPayoutList(ListView):
    """Payouts of providers, the latest first."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardPayoutSerializer
    filterset_class = CardPayoutFilter

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return selectors.payouts()


def _payout(ref: str) -> Any:
    rows = selectors.payouts().prefetch_related("parts__card_payment")
    return get_object_or_404(rows, public_id=ref)


class CardPayoutDetail(DetailView):
    """One payout with its parts."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardPayoutDetailSerializer

    def get_object(self) -> Any:
        """The caller's own payout, or 404."""
        return _payout(self.kwargs["ref"])


class CardPayoutMatch(ScopedView):
    """POST says which bank transaction a payout is."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=CardPayoutMatchSerializer, responses=CardPayoutDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for another amount, and for what is matched."""
        payout = _payout(ref)
        named = given(CardPayoutMatchSerializer, request)["transaction"]
        row = get_object_or_404(BankTransaction.objects.all(), public_id=named)
        payouts.match_payout(payout=payout, row=row)
        return Response(CardPayoutDetailSerializer(_payout(ref)).data)


class CardAccountList(ListView):
    """Which sellers take cards."""

    read_permission = Permission.OPERATOR_EDIT
    serializer_class = CardAccountSerializer

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return selectors.card_accounts()


class SellerCards(ScopedView):
    """PUT keeps the keys of a seller."""

    write_permission = Permission.OPERATOR_EDIT

    @extend_schema(request=CardAccountWriteSerializer, responses=CardAccountSerializer)
    def put(self, request: Request, ref: str) -> Response:
        """422 for keys that the provider does not accept."""
        rows = Seller.objects.select_related("operator")
        seller: Seller = get_object_or_404(rows, public_id=ref)
        made = accounts.save_account(seller=seller, **given(CardAccountWriteSerializer, request))
        return Response(CardAccountSerializer(made).data)


class SellerTerminals(ScopedView):
    """PUT keeps the key of a seller at the gateway of payment terminals."""

    write_permission = Permission.OPERATOR_EDIT

    @extend_schema(request=TerminalAccountWriteSerializer, responses=CardAccountSerializer)
    def put(self, request: Request, ref: str) -> Response:
        """422 for a key that the gateway does not accept."""
        seller: Seller = get_object_or_404(Seller.objects.select_related("operator"), public_id=ref)
        values = given(TerminalAccountWriteSerializer, request)
        made = accounts.save_account(seller=seller, provider="terminal", **values)
        return Response(CardAccountSerializer(made).data)


class SellerCardsSwitch(ScopedView):
    """POST takes cards of a seller's customers, or takes none any more."""

    write_permission = Permission.OPERATOR_EDIT
    at_terminals = False

    @extend_schema(request=CardSwitchSerializer, responses=CardAccountSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 where it is so already; what is under way is finished all the same."""
        rows = selectors.card_accounts().filter(is_terminal=self.at_terminals)
        row: ProviderAccount = get_object_or_404(rows, seller__public_id=ref)
        values = given(CardSwitchSerializer, request)
        return Response(CardAccountSerializer(accounts.set_active(card_account=row, **values)).data)


class SellerTerminalsSwitch(SellerCardsSwitch):
    """POST takes cards at a seller's terminals, or takes none any more."""

    at_terminals = True


urls = [
    address("card-disputes", CardDisputeList, "card_disputes"),
    address("card-disputes/{ref}", CardDisputeDetail, "card_dispute"),
    address("card-events", CardEventList, "card_events"),
    address("card-events/{number}", CardEventDetail, "card_event"),
    address("card-events/{number}/replay", CardEventReplay, "card_event_replay"),
    address("card-payouts", CardPayoutList, "card_payouts"),
    address("card-payouts/{ref}", CardPayoutDetail, "card_payout"),
    address("card-payouts/{ref}/match", CardPayoutMatch, "card_payout_match"),
    address("card-accounts", CardAccountList, "card_accounts"),
    address("sellers/{ref}/cards", SellerCards, "seller_cards"),
    address("sellers/{ref}/cards/switch", SellerCardsSwitch, "seller_cards_switch"),
    address("sellers/{ref}/terminals", SellerTerminals, "seller_terminals"),
    address("sellers/{ref}/terminals/switch", SellerTerminalsSwitch, "seller_terminals_switch"),
]
