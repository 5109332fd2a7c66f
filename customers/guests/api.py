"""REST: guests' visits, putting one right, and codes on connectors."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from customers.guests.codes import codes, renew_code
from customers.guests.links import code_url
from customers.guests.lists import CodeFilter, VisitFilter
from customers.guests.models import GuestCode, GuestVisit
from customers.guests.righting import put_right
from customers.guests.selectors import visits


class GuestVisitSerializer(serializers.ModelSerializer[GuestVisit]):
    """A guest's visit. ``amount``: what was held or paid ahead; ``captured_amount``: what was
    collected; ``why``: the code of why it was called off."""

    id = serializers.CharField(source="public_id")
    evse = serializers.CharField(source="evse.public_id", allow_null=True)
    site = serializers.CharField(source="evse.station.site.public_id")
    account = serializers.CharField(source="account.public_id")
    session = serializers.CharField(source="session.public_id", default=None, allow_null=True)
    card_payment = serializers.CharField(
        source="card_payment.public_id", default=None, allow_null=True
    )
    captured_amount = serializers.DecimalField(
        source="card_payment.captured_amount", max_digits=16, decimal_places=4, default=None,
        allow_null=True,
    )  # fmt: skip

    class Meta:
        model = GuestVisit
        fields = (
            "id", "evse", "site", "state", "why", "shape", "amount", "currency",
            "captured_amount", "account", "card_payment", "session", "email", "language",
            "created_at", "ready_at", "ended_at", "receipt_sent_at",
        )  # fmt: skip


class PutRightSerializer(Input):
    """How much of the session goes back to the card, with VAT, and why. ``paid``: what the guest
    pays for it as it was read (``paid`` of the visit), so that a repeat gives nothing back twice.
    """

    amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    reason = serializers.CharField(max_length=500)
    paid = serializers.DecimalField(max_digits=12, decimal_places=2)


class GuestCodeSerializer(serializers.ModelSerializer[GuestCode]):
    """The code on a connector, and the address that it leads to."""

    evse = serializers.CharField(source="connector.evse.public_id", allow_null=True)
    connector = serializers.IntegerField(source="connector.number")
    station = serializers.CharField(source="connector.evse.station.public_id")
    site = serializers.CharField(source="connector.evse.station.site.public_id")
    url = serializers.SerializerMethodField()

    class Meta:
        model = GuestCode
        fields = ("id", "code", "url", "evse", "connector", "station", "site", "created_at")

    def get_url(self, code: GuestCode) -> str:
        """What a phone reads."""
        return code_url(code)


class RenewSerializer(Input):
    """Why the old code shall lead nowhere."""

    reason = serializers.CharField(max_length=500)


def _visit(ref: str) -> Any:
    return get_object_or_404(visits(), public_id=ref)


class GuestVisitList(ListView):
    """Guests' visits, the latest first."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = GuestVisitSerializer
    filterset_class = VisitFilter

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return visits()


class GuestVisitDetail(DetailView):
    """One visit."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = GuestVisitSerializer

    def get_object(self) -> Any:
        """The caller's own visit, or 404."""
        return _visit(self.kwargs["ref"])


class GuestVisitPutRight(ScopedView):
    """POST credits a part of the session and gives it back to the card."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PutRightSerializer, responses=GuestVisitSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 where the visit is not settled, beyond what was paid, and beyond the limit."""
        visit, given = _visit(ref), PutRightSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if not may(request, Permission.INVOICE_ISSUE):
            raise PermissionDenied
        put_right(
            visit=visit, may_exceed_limit=may(request, Permission.PAYMENT_REFUND_ANY),
            **given.validated_data,
        )  # fmt: skip
        return Response(GuestVisitSerializer(_visit(ref)).data)


class GuestCodeList(ListView):
    """Codes on connectors, by place."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = GuestCodeSerializer
    filterset_class = CodeFilter

    def rows(self) -> QuerySet[Any]:
        """Those of the caller's operator."""
        return codes()


class GuestCodeRenew(ScopedView):
    """POST makes a new code; the sticker with the old one leads nowhere."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=RenewSerializer, responses=GuestCodeSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """The new code."""
        code = get_object_or_404(codes(), code=ref)
        given = RenewSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        renew_code(code=code, **given.validated_data)
        return Response(GuestCodeSerializer(codes().get(pk=code.pk)).data)


urls = [
    address("guest-visits", GuestVisitList, "guest_visits"),
    address("guest-visits/{ref}", GuestVisitDetail, "guest_visit"),
    address("guest-visits/{ref}/put-right", GuestVisitPutRight, "guest_visit_put_right"),
    address("guest-codes", GuestCodeList, "guest_codes"),
    address("guest-codes/{ref}/renew", GuestCodeRenew, "guest_code_renew"),
]
