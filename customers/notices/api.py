"""REST: what payers were told by mail."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import ListView
from customers.notices.lists import PayerNoticeFilter
from customers.notices.models import NoticeState, PayerNotice
from customers.notices.selectors import notices


class PayerNoticeSerializer(serializers.ModelSerializer[PayerNotice]):
    """A mail about one thing to one address. ``error``: why it is not sent."""

    account = serializers.CharField(source="account.public_id")
    state = serializers.ChoiceField(choices=NoticeState.choices)

    class Meta:
        model = PayerNotice
        fields = (
            "id", "kind", "ref", "account", "address", "language", "state", "created_at",
            "sent_at", "next_at", "error",
        )  # fmt: skip


class PayerNoticeList(ListView):
    """All of them, the latest first."""

    read_permission = Permission.ACCOUNT_VIEW
    serializer_class = PayerNoticeSerializer
    filterset_class = PayerNoticeFilter

    def rows(self) -> QuerySet[PayerNotice]:
        """Of the operator."""
        return notices()


urls = [address("payer-notices", PayerNoticeList, "payer_notices")]
