"""REST: card payments, failed ones, and giving back to cards."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.invoices.models import Invoice
from billing.payments import selectors as payment_selectors
from billing.payments.api import PaymentReasonSerializer, given
from billing.payments.cards import holds, refunding, selectors
from billing.payments.cards.asking import refresh
from billing.payments.cards.lists import CardPaymentFilter
from billing.payments.cards.models import CardPayment, CardPaymentPart, CardRefund
from billing.payments.models import Payment
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


class CardPartSerializer(serializers.ModelSerializer[CardPaymentPart]):
    """An invoice that the payment pays."""

    invoice = serializers.CharField(source="invoice.number")

    class Meta:
        model = CardPaymentPart
        fields = ("invoice", "amount")


class CardPaymentSerializer(serializers.ModelSerializer[CardPayment]):
    """A card payment. ``provider_id`` is the provider's; ``payment`` where it is booked;
    ``failure`` in the caller's language."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id", allow_null=True, default=None)
    seller = serializers.CharField(source="card_account.seller.public_id")
    payment = serializers.CharField(source="payment.public_id", allow_null=True, default=None)
    provider_id = serializers.CharField(source="ref")
    failure = serializers.CharField(source="failure_text")

    class Meta:
        model = CardPayment
        fields = (
            "id", "account", "seller", "purpose", "is_automatic", "state", "amount",
            "captured_amount", "currency", "description", "reference", "card_label", "payment",
            "provider_id", "failure", "failure_code", "decline_code", "retry_at",
            "capture_before_at", "created_at", "settled_at",
        )  # fmt: skip


class CardPaymentDetailSerializer(CardPaymentSerializer):
    """A card payment with its invoices."""

    parts = CardPartSerializer(many=True)

    class Meta(CardPaymentSerializer.Meta):
        fields = (*CardPaymentSerializer.Meta.fields, "parts")  # type: ignore[assignment]  # a longer tuple


class CardRefundSerializer(serializers.ModelSerializer[CardRefund]):
    """Money that goes back to a card."""

    id = serializers.CharField(source="public_id")
    refund = serializers.CharField(source="refund.public_id")
    card_payment = serializers.CharField(source="card_payment.public_id")

    class Meta:
        model = CardRefund
        fields = ("id", "refund", "card_payment", "amount", "currency", "state", "message")


class CardRefundWriteSerializer(Input):
    """How much goes back, all that is left unless told, and why."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    reason = serializers.CharField(max_length=500)


def find_card_payment(ref: str) -> Any:
    """The caller's own card payment with its parts, or 404."""
    rows = selectors.card_payments().prefetch_related("parts__invoice")
    return get_object_or_404(rows, public_id=ref)


class CardPaymentList(ListView):
    """Card payments, the latest first."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardPaymentSerializer
    filterset_class = CardPaymentFilter

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return selectors.card_payments()


class FailedCardPaymentList(ListView):
    """The last failed attempts for invoices that are open and not being paid."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardPaymentSerializer
    filterset_class = CardPaymentFilter

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return selectors.failed_payments()


class CardPaymentDetail(DetailView):
    """One card payment with its invoices."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CardPaymentDetailSerializer

    def get_object(self) -> Any:
        """The caller's own card payment, or 404."""
        return find_card_payment(self.kwargs["ref"])


class CardPaymentAsk(ScopedView):
    """POST asks the provider how a card payment stands."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=None, responses=CardPaymentDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """As it stands after that; silence of the provider changes nothing."""
        refresh(payment=find_card_payment(ref))
        return Response(CardPaymentDetailSerializer(find_card_payment(ref)).data)


class CardPaymentRelease(ScopedView):
    """POST lets go what is held, or closes the page on which nobody has paid."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PaymentReasonSerializer, responses=CardPaymentDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 while it is being collected."""
        row = find_card_payment(ref)
        holds.cancel_hold(payment=row, **given(PaymentReasonSerializer, request))
        return Response(CardPaymentDetailSerializer(find_card_payment(ref)).data)


class PaymentCardRefund(ScopedView):
    """POST gives what is left of a payment back to the card it came from."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=CardRefundWriteSerializer, responses={201: CardRefundSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 beyond what is left, and beyond the limit."""
        source: Any = get_object_or_404(payment_selectors.payments(), public_id=ref)
        return refunded(request, source)


class CreditNoteCardRefund(ScopedView):
    """POST gives what a credit note left the customer back to the card that paid its invoice."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=CardRefundWriteSerializer, responses={201: CardRefundSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 beyond what is left, and beyond the limit."""
        return refunded(request, payment_selectors.find_document(ref))


def refunded(request: Request, source: Payment | Invoice) -> Response:
    """Give back as the body says."""
    may_exceed = may(request, Permission.PAYMENT_REFUND_ANY)
    values = given(CardRefundWriteSerializer, request)
    row = refunding.refund_to_card(source=source, may_exceed_limit=may_exceed, **values)
    return Response(CardRefundSerializer(row).data, status=201)


urls = [
    address("card-payments", CardPaymentList, "card_payments"),
    address("card-payments/{ref}", CardPaymentDetail, "card_payment"),
    address("card-payments/{ref}/ask", CardPaymentAsk, "card_payment_ask"),
    address("card-payments/{ref}/release", CardPaymentRelease, "card_payment_release"),
    address("failed-card-payments", FailedCardPaymentList, "failed_card_payments"),
    address("payments/{ref}/card-refund", PaymentCardRefund, "payment_card_refund"),
    address("invoices/{ref}/card-refund", CreditNoteCardRefund, "credit_note_card_refund"),
]
