"""REST: payments, refunds, payout files, and sorting out bank transactions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.payments import selectors, services, sorting
from billing.payments.bank_models import BankTransaction
from billing.payments.file_api import BankTransactionSerializer
from billing.payments.file_selectors import transactions
from billing.payments.lists import PaymentFilter, RefundFilter
from billing.payments.models import Payment, PaymentAllocation, PayoutFile, Refund
from billing.payments.naming import named_account, named_invoice
from billing.payments.services import PayTo
from billing.payments.sorting import Part
from billing.sellers.models import Seller
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput


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
        fields = (*PaymentSerializer.Meta.fields, "allocations")  # type: ignore[assignment]


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
    """From whose account; refunds by id, or all that wait."""

    seller = serializers.CharField(max_length=24)
    refunds = serializers.ListField(
        child=serializers.CharField(max_length=24), required=False, max_length=1_000
    )


class PartSerializer(Input):
    """A share: of an invoice (number, OCR or id) or an account (id or name)."""

    invoice = serializers.CharField(max_length=40, required=False)
    account = serializers.CharField(max_length=120, required=False)
    amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True
    )


class MatchSerializer(Input):
    """Whose the money is."""

    parts = PartSerializer(many=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ReversalSerializer(Input):
    """Which payment the bank took back."""

    payment = serializers.CharField(max_length=24)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


def _payment(ref: str) -> Any:
    rows = selectors.payments().prefetch_related("allocations__invoice", "allocations__claim")
    return get_object_or_404(rows, public_id=ref)


def _given(serializer: type[Input], request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


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
        values = _given(PaymentWriteSerializer, request)
        account = named_account(values.pop("account"))
        number = values.pop("invoice")
        invoice = named_invoice(number, "invoice") if number else None
        made = services.book_by_hand(account=account, invoice=invoice, **values)
        return Response(PaymentDetailSerializer(_payment(made.public_id)).data, status=201)


class PaymentDetail(DetailView):
    """One payment with what it settles."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = PaymentDetailSerializer

    def get_object(self) -> Any:
        """The caller's own payment, or 404."""
        return _payment(self.kwargs["ref"])


class PaymentReverse(ScopedView):
    """POST calls off a payment that was entered by hand."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PaymentReasonSerializer, responses=PaymentDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """What it settled is open again; 409 for payments of bank transactions."""
        payment = _payment(ref)
        services.reverse_payment(payment=payment, **_given(PaymentReasonSerializer, request))
        return Response(PaymentDetailSerializer(_payment(ref)).data)


class PaymentRefund(ScopedView):
    """POST plans a refund of what is left of a payment."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=RefundWriteSerializer, responses={201: RefundSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 when less is left."""
        payment = _payment(ref)
        values = _given(RefundWriteSerializer, request)
        to = PayTo(**{key: values[key] for key in ("name", "iban", "bic", "bankgiro", "reference")})
        refund = services.plan_refund(
            source=payment, amount=values.get("amount"), reason=values["reason"], to=to,
            pay_on=values.get("pay_on"),
        )  # fmt: skip
        return Response(RefundSerializer(refund).data, status=201)


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
        done = services.finish_refund(refund=refund, **_given(RefundPaidSerializer, request))
        return Response(RefundSerializer(done).data)


class RefundCancel(ScopedView):
    """POST calls a refund off."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PaymentReasonSerializer, responses=RefundSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when it is settled already."""
        refund: Refund = get_object_or_404(selectors.refunds(), public_id=ref)
        done = services.cancel_refund(refund=refund, **_given(PaymentReasonSerializer, request))
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
        values = _given(PayoutFileWriteSerializer, request)
        seller = Seller.objects.filter(public_id=values["seller"]).first()
        if seller is None:
            raise InvalidInput("seller", _("There is no seller with this id."), field="seller")
        rows = selectors.refunds().filter(state="planned")
        if "refunds" in values:
            rows = rows.filter(public_id__in=values["refunds"])
        file = services.order_refunds(seller=seller, refunds=list(rows))
        return Response(PayoutFileSerializer(file).data, status=201)


class PayoutFileContent(ScopedView):
    """A payout file as it was made."""

    read_permission = Permission.PAYMENT_VIEW

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The bytes."""
        file: PayoutFile = get_object_or_404(PayoutFile.objects.all(), public_id=ref)
        return HttpResponse(bytes(file.content), content_type="application/xml")


class _Sorting(ScopedView):
    """Something that is done about a bank transaction."""

    write_permission = Permission.PAYMENT_EDIT

    def row(self) -> BankTransaction:
        """The transaction, or 404."""
        return get_object_or_404(transactions(), public_id=self.kwargs["ref"])

    def answer(self) -> Response:
        """The transaction as it is now."""
        return Response(BankTransactionSerializer(self.row()).data)


class TransactionAccept(_Sorting):
    """POST books what was proposed."""

    @extend_schema(request=None, responses=BankTransactionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when nothing was, or it is settled."""
        sorting.accept_proposal(row=self.row())
        return self.answer()


class TransactionMatch(_Sorting):
    """POST says whose the money is."""

    @extend_schema(request=MatchSerializer, responses=BankTransactionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """In parts of invoices and accounts; what no part takes is credit of the one customer."""
        row, values = self.row(), _given(MatchSerializer, request)
        sorting.match_transaction(
            row=row, parts=[_part(one) for one in values["parts"]], reason=values["reason"]
        )
        return self.answer()


def _part(one: dict[str, Any]) -> Part:
    if ("invoice" in one) == ("account" in one):
        raise InvalidInput("part", _("Name an invoice or an account."), field="parts")
    if "invoice" in one:
        return Part(invoice=named_invoice(one["invoice"]), amount=one.get("amount"))
    return Part(account=named_account(one["account"], "parts"), amount=one.get("amount"))


class TransactionReversal(_Sorting):
    """POST says which payment the bank took back."""

    @extend_schema(request=ReversalSerializer, responses=BankTransactionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Its amount must be the same."""
        row, values = self.row(), _given(ReversalSerializer, request)
        payment: Payment = get_object_or_404(Payment.objects.all(), public_id=values["payment"])
        sorting.match_reversal(row=row, payment=payment, reason=values["reason"])
        return self.answer()


class TransactionIgnore(_Sorting):
    """POST says that the money is no customer's."""

    @extend_schema(request=PaymentReasonSerializer, responses=BankTransactionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Takes a reason."""
        sorting.ignore_transaction(row=self.row(), **_given(PaymentReasonSerializer, request))
        return self.answer()


class TransactionUndo(_Sorting):
    """POST puts a settled transaction back on the work list."""

    @extend_schema(request=PaymentReasonSerializer, responses=BankTransactionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Takes a reason; 409 when something of it was refunded."""
        sorting.undo_transaction(row=self.row(), **_given(PaymentReasonSerializer, request))
        return self.answer()


_ROW = "bank-transactions/{ref}"
urls = [
    address("payments", PaymentList, "payments"),
    address("payments/{ref}", PaymentDetail, "payment"),
    address("payments/{ref}/reverse", PaymentReverse, "payment_reverse"),
    address("payments/{ref}/refund", PaymentRefund, "payment_refund"),
    address("refunds", RefundList, "refunds"),
    address("refunds/{ref}", RefundDetail, "refund"),
    address("refunds/{ref}/paid", RefundPaid, "refund_paid"),
    address("refunds/{ref}/cancel", RefundCancel, "refund_cancel"),
    address("payout-files", PayoutFileList, "payout_files"),
    address("payout-files/{ref}/content", PayoutFileContent, "payout_file_content"),
    address(f"{_ROW}/accept", TransactionAccept, "bank_transaction_accept"),
    address(f"{_ROW}/match", TransactionMatch, "bank_transaction_match"),
    address(f"{_ROW}/reversal", TransactionReversal, "bank_transaction_reversal"),
    address(f"{_ROW}/ignore", TransactionIgnore, "bank_transaction_ignore"),
    address(f"{_ROW}/undo", TransactionUndo, "bank_transaction_undo"),
]
