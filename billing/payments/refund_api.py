"""REST: refunds, and files to the bank that order them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.invoices.models import Invoice
from billing.payments import selectors, services
from billing.payments.api import PaymentReasonSerializer, find_payment, given
from billing.payments.lists import RefundFilter
from billing.payments.models import Payment, PayoutFile, Refund
from billing.payments.services import PayTo
from billing.sellers.models import Seller
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.files.serving import made_response


class RefundSerializer(serializers.ModelSerializer[Refund]):
    """A refund from a payment or a credit note."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id")
    payment = serializers.CharField(source="payment.public_id", allow_null=True, default=None)
    credit_note = serializers.CharField(source="credit_note.number", allow_null=True, default=None)
    payout_file = serializers.CharField(
        source="payout_file.public_id", allow_null=True, default=None
    )

    class Meta:
        model = Refund
        fields = (
            "id", "account", "payment", "credit_note", "amount", "currency", "name", "iban", "bic",
            "bankgiro", "reference", "reason", "state", "pay_on", "paid_on", "payout_file",
            "created_at",
        )  # fmt: skip


class RefundWriteSerializer(Input):
    """What goes back, and where to; all that is left unless an amount is given."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    pay_on = serializers.DateField(required=False, allow_null=True)
    name = serializers.CharField(max_length=140, required=False, allow_blank=True, default="")
    iban = serializers.CharField(max_length=42, required=False, allow_blank=True, default="")
    bic = serializers.CharField(max_length=11, required=False, allow_blank=True, default="")
    bankgiro = serializers.CharField(max_length=16, required=False, allow_blank=True, default="")
    reference = serializers.CharField(max_length=140, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=500)


class RefundPaidSerializer(Input):
    """When it went out."""

    paid_on = serializers.DateField()


class PayoutFileSerializer(serializers.ModelSerializer[PayoutFile]):
    """A file to the bank without its content."""

    id = serializers.CharField(source="public_id")
    seller = serializers.CharField(source="seller.public_id")

    class Meta:
        model = PayoutFile
        fields = ("id", "seller", "sha256", "refund_count", "amount", "currency", "created_at")


class PayoutFileWriteSerializer(Input):
    """From whose account; refunds by id, or all that wait of the currency of the oldest."""

    seller = serializers.CharField(max_length=24)
    refunds = serializers.ListField(
        child=serializers.CharField(max_length=24), required=False, max_length=1_000
    )


def _planned(request: Request, source: Payment | Invoice) -> Response:
    values = given(RefundWriteSerializer, request)
    to = PayTo(**{key: values[key] for key in ("name", "iban", "bic", "bankgiro", "reference")})
    refund = services.plan_refund(
        source=source, amount=values.get("amount"), reason=values["reason"], to=to,
        pay_on=values.get("pay_on"),
    )  # fmt: skip
    return Response(RefundSerializer(refund).data, status=201)


class PaymentRefund(ScopedView):
    """POST plans a refund of what is left of a payment."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=RefundWriteSerializer, responses={201: RefundSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 when less is left."""
        return _planned(request, find_payment(ref))


class CreditNoteRefund(ScopedView):
    """POST plans a refund of what a credit note left the customer."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=RefundWriteSerializer, responses={201: RefundSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 when less is left, 422 for what is no credit note."""
        return _planned(request, selectors.find_document(ref))


class RefundList(ListView):
    """Refunds."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = RefundSerializer
    filterset_class = RefundFilter

    def rows(self) -> QuerySet[Refund]:
        """Refunds of the caller's operator."""
        return selectors.refunds()


class RefundDetail(DetailView):
    """One refund."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = RefundSerializer

    def get_object(self) -> Refund:
        """The caller's own refund, or 404."""
        return get_object_or_404(selectors.refunds(), public_id=self.kwargs["ref"])


class RefundPaid(ScopedView):
    """POST says that a refund has gone out."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=RefundPaidSerializer, responses=RefundSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when it is settled already."""
        refund: Refund = get_object_or_404(selectors.refunds(), public_id=ref)
        done = services.finish_refund(refund=refund, **given(RefundPaidSerializer, request))
        return Response(RefundSerializer(done).data)


class RefundCancel(ScopedView):
    """POST calls a refund off."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PaymentReasonSerializer, responses=RefundSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when it is settled already."""
        refund: Refund = get_object_or_404(selectors.refunds(), public_id=ref)
        done = services.cancel_refund(refund=refund, **given(PaymentReasonSerializer, request))
        return Response(RefundSerializer(done).data)


class PayoutFileList(ListView):
    """Files to the bank; POST makes one of the refunds that wait."""

    read_permission = Permission.PAYMENT_VIEW
    write_permission = Permission.PAYMENT_EDIT
    serializer_class = PayoutFileSerializer

    def rows(self) -> QuerySet[PayoutFile]:
        """Files of the caller's operator."""
        return selectors.payout_files()

    @extend_schema(request=PayoutFileWriteSerializer, responses={201: PayoutFileSerializer})
    def post(self, request: Request) -> Response:
        """Each refund is ordered once; 409 when none waits."""
        values = given(PayoutFileWriteSerializer, request)
        seller = Seller.objects.filter(public_id=values["seller"]).first()
        if seller is None:
            raise InvalidInput("seller", _("There is no seller with this id."), field="seller")
        rows = selectors.next_payout(seller)
        if "refunds" in values:
            rows = selectors.refunds().filter(public_id__in=values["refunds"])
        file = services.order_refunds(seller=seller, refunds=list(rows))
        return Response(PayoutFileSerializer(file).data, status=201)


class PayoutFileContent(ScopedView):
    """A payout file as it was made."""

    read_permission = Permission.PAYMENT_VIEW

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The bytes."""
        file: PayoutFile = get_object_or_404(PayoutFile.objects.all(), public_id=ref)
        return made_response(bytes(file.content), file.file_name, "application/xml")


urls = [
    address("payments/{ref}/refund", PaymentRefund, "payment_refund"),
    address("invoices/{ref}/refund", CreditNoteRefund, "credit_note_refund"),
    address("refunds", RefundList, "refunds"),
    address("refunds/{ref}", RefundDetail, "refund"),
    address("refunds/{ref}/paid", RefundPaid, "refund_paid"),
    address("refunds/{ref}/cancel", RefundCancel, "refund_cancel"),
    address("payout-files", PayoutFileList, "payout_files"),
    address("payout-files/{ref}/content", PayoutFileContent, "payout_file_content"),
]
