"""REST: payouts to hosts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.sellers.selectors import sellers
from billing.settlement import payout_services as services
from billing.settlement.payable import HostBalance, balances, unpaid
from billing.settlement.payout_lists import PayoutBatchFilter, batches
from billing.settlement.payout_models import HostPayout, HostSetOff, PayoutBatch
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.files.serving import made_response


class PayoutBatchSerializer(serializers.ModelSerializer[PayoutBatch]):
    """A batch without its payments."""

    id = serializers.CharField(source="public_id")
    seller = serializers.CharField(source="seller.public_id")

    class Meta:
        model = PayoutBatch
        fields = (
            "id", "seller", "state", "currency", "amount", "set_off_amount", "payout_count",
            "pay_on", "needs_second", "proposed_label", "approved_label", "approved_at", "sha256",
            "ordered_at", "created_at",
        )  # fmt: skip


class HostSetOffSerializer(serializers.ModelSerializer[HostSetOff]):
    """What is set off against an invoice to the host; ``payment`` once the batch is approved."""

    invoice = serializers.CharField(source="invoice.public_id")
    number = serializers.CharField(source="invoice.number")
    payment = serializers.CharField(source="payment.public_id", allow_null=True, default=None)

    class Meta:
        model = HostSetOff
        fields = ("invoice", "number", "amount", "payment")


class HostPayoutSerializer(serializers.ModelSerializer[HostPayout]):
    """A payment to one host with its statements."""

    id = serializers.CharField(source="public_id")
    host = serializers.CharField(source="host.public_id")
    statements = serializers.SerializerMethodField()
    set_offs = HostSetOffSerializer(many=True)

    class Meta:
        model = HostPayout
        fields = (
            "id", "host", "state", "amount", "set_off_amount", "currency", "name", "iban", "bic",
            "bankgiro", "reference", "paid_on", "statements", "set_offs",
        )  # fmt: skip

    def get_statements(self, row: HostPayout) -> list[str]:
        """By public id."""
        return [one.public_id for one in row.statements.all()]


class PayoutBatchDetailSerializer(PayoutBatchSerializer):
    """A batch with its payments."""

    payouts = serializers.SerializerMethodField()

    class Meta:
        model = PayoutBatch
        fields = (*PayoutBatchSerializer.Meta.fields, "payouts")

    @extend_schema(responses=HostPayoutSerializer(many=True))
    def get_payouts(self, row: PayoutBatch) -> list[dict[str, Any]]:
        """By host."""
        rows = row.payouts.select_related("host").prefetch_related(
            "statements", "set_offs__invoice", "set_offs__payment"
        )
        return list(HostPayoutSerializer(rows.order_by("host__name", "pk"), many=True).data)


class HostBalanceSerializer(serializers.Serializer[HostBalance]):
    """What a seller owes a host: ``amount``, of which ``set_off`` is taken off for fees and
    ``to_pay`` goes out; ``why_not``: why a batch would leave it out."""

    seller = serializers.CharField(source="seller.public_id")
    host = serializers.CharField(source="host.public_id")
    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=16, decimal_places=4)
    set_off = serializers.DecimalField(max_digits=16, decimal_places=4)
    to_pay = serializers.DecimalField(max_digits=16, decimal_places=4)
    minimum = serializers.DecimalField(max_digits=12, decimal_places=2)
    why_not = serializers.ChoiceField(choices=["", "below_minimum", "no_account"])


class PayoutBatchWriteSerializer(Input):
    """A batch to be proposed."""

    seller = serializers.CharField(max_length=24)
    currency = serializers.CharField(
        min_length=3, max_length=3, required=False, help_text="Without: that of the operator."
    )
    pay_on = serializers.DateField()


class PayoutReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


class PayoutNoteSerializer(Input):
    """Why; kept in the audit trail."""

    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class PaidOnSerializer(Input):
    """The day on which the money went out."""

    paid_on = serializers.DateField()


def _batch(ref: str) -> PayoutBatch:
    found: PayoutBatch = get_object_or_404(batches(), public_id=ref)
    return found


def _shown(batch: PayoutBatch, status: int = 200) -> Response:
    return Response(PayoutBatchDetailSerializer(_batch(batch.public_id)).data, status=status)


def _reason(request: Request) -> str:
    given = PayoutNoteSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["reason"])


class PayoutBatchList(ListView):
    """Batches; POST proposes one of all that a seller owes its hosts."""

    read_permission = Permission.SETTLEMENT_VIEW
    write_permission = Permission.SETTLEMENT_EDIT
    serializer_class = PayoutBatchSerializer
    filterset_class = PayoutBatchFilter

    def rows(self) -> QuerySet[PayoutBatch]:
        """The latest first."""
        return batches()

    @extend_schema(request=PayoutBatchWriteSerializer, responses={201: PayoutBatchDetailSerializer})
    def post(self, request: Request) -> Response:
        """409 when nothing is to be paid."""
        given = PayoutBatchWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        seller = sellers().filter(public_id=values["seller"], is_host=False).first()
        if seller is None:
            raise InvalidInput("seller", _("There is no seller with this id."), field="seller")
        batch = services.propose_batch(
            seller=seller,
            currency=values.get("currency", seller.operator.currency).upper(),
            pay_on=values["pay_on"],
        )
        return _shown(batch, status=201)


class PayoutBatchDetail(DetailView):
    """One batch."""

    read_permission = Permission.SETTLEMENT_VIEW
    serializer_class = PayoutBatchDetailSerializer

    def get_object(self) -> PayoutBatch:
        """By its public id."""
        return _batch(self.kwargs["ref"])


class PayoutBatchApprove(ScopedView):
    """POST approves a batch."""

    write_permission = Permission.SETTLEMENT_ISSUE

    @extend_schema(request=PayoutNoteSerializer, responses=PayoutBatchDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 above the operator's limit for a token, and for the one who proposed it."""
        person = request.user if isinstance(request.user, User) else None
        batch, reason = _batch(ref), _reason(request)
        return _shown(services.approve_batch(batch=batch, by=person, reason=reason))


class PayoutBatchOrder(ScopedView):
    """POST makes the file for the bank."""

    write_permission = Permission.SETTLEMENT_EDIT

    @extend_schema(request=PayoutNoteSerializer, responses=PayoutBatchDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when it is not approved, or has its file."""
        return _shown(services.order_batch(batch=_batch(ref), reason=_reason(request)))


class PayoutBatchCancel(ScopedView):
    """POST calls a batch off."""

    write_permission = Permission.SETTLEMENT_ISSUE

    @extend_schema(request=PayoutReasonSerializer, responses=PayoutBatchDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when something of it was paid."""
        given = PayoutReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _shown(services.cancel_batch(batch=_batch(ref), **given.validated_data))


class PayoutBatchContent(ScopedView):
    """The file of a batch as it was made."""

    read_permission = Permission.SETTLEMENT_VIEW

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """404 while there is none."""
        batch = _batch(ref)
        if batch.content is None:
            raise Http404
        return made_response(bytes(batch.content), batch.file_name, "application/xml")


class HostPayoutPaid(ScopedView):
    """POST says that a payment has gone out."""

    write_permission = Permission.SETTLEMENT_EDIT

    @extend_schema(request=PaidOnSerializer, responses=PayoutBatchDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when it was settled before."""
        payout: HostPayout = get_object_or_404(
            HostPayout.objects.select_related("batch"), public_id=ref
        )
        given = PaidOnSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.finish_payout(payout=payout, **given.validated_data)
        return _shown(payout.batch)


class HostBalances(ScopedView):
    """What is owed to hosts and in no payment."""

    read_permission = Permission.SETTLEMENT_VIEW

    @extend_schema(responses=HostBalanceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """By host."""
        rows: Any = balances(list(unpaid()))
        return Response(HostBalanceSerializer(rows, many=True).data)


urls = [
    address("payout-batches", PayoutBatchList, "payout_batches"),
    address("payout-batches/{ref}", PayoutBatchDetail, "payout_batch"),
    address("payout-batches/{ref}/approve", PayoutBatchApprove, "payout_batch_approve"),
    address("payout-batches/{ref}/order", PayoutBatchOrder, "payout_batch_order"),
    address("payout-batches/{ref}/cancel", PayoutBatchCancel, "payout_batch_cancel"),
    address("payout-batches/{ref}/content", PayoutBatchContent, "payout_batch_content"),
    address("host-payouts/{ref}/paid", HostPayoutPaid, "host_payout_paid"),
    address("host-balances", HostBalances, "host_balances"),
]
