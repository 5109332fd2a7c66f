"""REST: payments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.payments import selectors, services
from billing.payments.lists import PaymentFilter
from billing.payments.models import Payment, PaymentAllocation
from billing.payments.naming import named_account, named_invoice
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


class AllocationSerializer(serializers.ModelSerializer[PaymentAllocation]):
    """What a payment settles; below zero: taken back. Of invoice and claim one is null."""

    invoice = serializers.CharField(source="invoice.number", allow_null=True, default=None)
    claim = serializers.CharField(source="claim.public_id", allow_null=True, default=None)

    class Meta:
        model = PaymentAllocation
        fields = ("invoice", "claim", "amount", "made_on", "is_from_credit")


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment; ``rest`` is what nothing has used, ``account`` null while nobody is known."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id", allow_null=True, default=None)
    transaction = serializers.CharField(
        source="transaction.public_id", allow_null=True, default=None
    )
    state = serializers.ChoiceField(
        source="shown_state", choices=["booked", "unidentified", "reversed", "reversal"]
    )
    rest = serializers.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        model = Payment
        fields = (
            "id", "account", "amount", "currency", "booked_on", "identified_on", "source",
            "transaction", "state", "rest", "reference", "payer_name", "note", "created_at",
        )  # fmt: skip


class PaymentDetailSerializer(PaymentSerializer):
    """A payment with what it settles."""

    allocations = AllocationSerializer(many=True)

    class Meta(PaymentSerializer.Meta):
        fields = (*PaymentSerializer.Meta.fields, "allocations")  # type: ignore[assignment]  # a longer tuple


class PaymentWriteSerializer(Input):
    """A payment by hand; without an invoice it settles what the account owes."""

    account = serializers.CharField(max_length=120)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    booked_on = serializers.DateField()
    invoice = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    reference = serializers.CharField(max_length=140, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PaymentReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


def find_payment(ref: str) -> Any:
    """The caller's own payment with what it settles, or 404."""
    rows = selectors.payments().prefetch_related("allocations__invoice", "allocations__claim")
    return get_object_or_404(rows, public_id=ref)


def given(serializer: type[Input], request: Request) -> dict[str, Any]:
    """The body of a call; what is wrong in it is refused."""
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class PaymentList(ListView):
    """Payments; POST enters one by hand."""

    read_permission = Permission.PAYMENT_VIEW
    write_permission = Permission.PAYMENT_EDIT
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter

    def rows(self) -> QuerySet[Any]:
        """Payments of the caller's operator."""
        return selectors.payments()

    @extend_schema(request=PaymentWriteSerializer, responses={201: PaymentDetailSerializer})
    def post(self, request: Request) -> Response:
        """Enter a payment."""
        values = given(PaymentWriteSerializer, request)
        account = named_account(values.pop("account"))
        number = values.pop("invoice")
        invoice = named_invoice(number, "invoice") if number else None
        made = services.book_by_hand(account=account, invoice=invoice, **values)
        return Response(PaymentDetailSerializer(find_payment(made.public_id)).data, status=201)


class PaymentDetail(DetailView):
    """One payment with what it settles."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = PaymentDetailSerializer

    def get_object(self) -> Any:
        """The caller's own payment, or 404."""
        return find_payment(self.kwargs["ref"])


class PaymentReverse(ScopedView):
    """POST calls off a payment that was entered by hand."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PaymentReasonSerializer, responses=PaymentDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """What it settled is open again; 409 for payments of bank transactions."""
        payment = find_payment(ref)
        services.reverse_payment(payment=payment, **given(PaymentReasonSerializer, request))
        return Response(PaymentDetailSerializer(find_payment(ref)).data)


urls = [
    address("payments", PaymentList, "payments"),
    address("payments/{ref}", PaymentDetail, "payment"),
    address("payments/{ref}/reverse", PaymentReverse, "payment_reverse"),
]
