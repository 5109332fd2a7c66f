"""REST: sorting out bank transactions."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.payments import sorting
from billing.payments.api import PaymentReasonSerializer, given
from billing.payments.bank_models import BankTransaction
from billing.payments.file_api import BankTransactionSerializer
from billing.payments.file_selectors import transactions
from billing.payments.naming import named_account, named_invoice, named_payment
from billing.payments.sorting import Part
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ScopedView
from core.errors import InvalidInput


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
        row, values = self.row(), given(MatchSerializer, request)
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
        row, values = self.row(), given(ReversalSerializer, request)
        payment = named_payment(values["payment"])
        sorting.match_reversal(row=row, payment=payment, reason=values["reason"])
        return self.answer()


class TransactionIgnore(_Sorting):
    """POST says that the money is no customer's."""

    @extend_schema(request=PaymentReasonSerializer, responses=BankTransactionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Takes a reason."""
        sorting.ignore_transaction(row=self.row(), **given(PaymentReasonSerializer, request))
        return self.answer()


class TransactionUndo(_Sorting):
    """POST puts a settled transaction back on the work list."""

    @extend_schema(request=PaymentReasonSerializer, responses=BankTransactionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Takes a reason; 409 when something of it was refunded."""
        sorting.undo_transaction(row=self.row(), **given(PaymentReasonSerializer, request))
        return self.answer()


_ROW = "bank-transactions/{ref}"
urls = [
    address(f"{_ROW}/accept", TransactionAccept, "bank_transaction_accept"),
    address(f"{_ROW}/match", TransactionMatch, "bank_transaction_match"),
    address(f"{_ROW}/reversal", TransactionReversal, "bank_transaction_reversal"),
    address(f"{_ROW}/ignore", TransactionIgnore, "bank_transaction_ignore"),
    address(f"{_ROW}/undo", TransactionUndo, "bank_transaction_undo"),
]
