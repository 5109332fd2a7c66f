"""REST: how an account stands."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.dated import operator_day
from billing.accounts.selectors import accounts
from billing.dunning.account_money import balances_of, lateness_of
from billing.dunning.api import DunningPauseSerializer
from billing.dunning.models import DunningStep
from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import ScopedView

MOST_SHOWN = 100


class BalanceSerializer(serializers.Serializer[Any]):
    """What is open in one currency; ``balance`` above zero: the customer owes it."""

    currency = serializers.CharField()
    open_amount = serializers.DecimalField(max_digits=20, decimal_places=4)
    overdue_amount = serializers.DecimalField(max_digits=20, decimal_places=4)
    fees_amount = serializers.DecimalField(max_digits=20, decimal_places=4)
    credit_amount = serializers.DecimalField(max_digits=20, decimal_places=4)
    balance = serializers.DecimalField(max_digits=20, decimal_places=4)


class LateStepSerializer(serializers.ModelSerializer[DunningStep]):
    """A step about an invoice that is still open."""

    id = serializers.CharField(source="public_id")
    invoice = serializers.CharField(source="invoice.public_id")
    number = serializers.CharField(source="invoice.number")

    class Meta:
        model = DunningStep
        fields = ("id", "invoice", "number", "step", "done_on", "total", "currency", "sent_at")


class AccountMoneySerializer(serializers.Serializer[Any]):
    """The account's balances, and what is done about its late invoices."""

    balances = BalanceSerializer(many=True)
    is_blocked = serializers.BooleanField()
    steps = LateStepSerializer(many=True)
    pauses = DunningPauseSerializer(many=True)


class AccountMoney(ScopedView):
    """How an account stands; its documents are in ``invoices`` and ``payments`` by account."""

    read_permission = Permission.PAYMENT_VIEW

    @extend_schema(responses=AccountMoneySerializer)
    def get(self, request: Request, ref: str) -> Response:
        """As of today."""
        account = get_object_or_404(accounts().select_related("operator"), public_id=ref)
        today = operator_day(account.operator)
        late = lateness_of(account, today, MOST_SHOWN)
        shown = {
            "balances": balances_of(account, today),
            "is_blocked": late.is_blocked,
            "steps": late.steps,
            "pauses": late.pauses,
        }
        return Response(AccountMoneySerializer(shown).data)


urls = [address("billing-accounts/{ref}/balance", AccountMoney, "billing_account_balance")]
