"""REST: dated fees, and what falls due of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts import fee_services as services
from billing.accounts.dated import operator_day
from billing.accounts.fee_lists import FeeFilter
from billing.accounts.fee_models import Fee, FeeKind, Recurrence, SubjectKind
from billing.accounts.fee_selectors import due, fees, fees_of, next_months, overlapping
from billing.accounts.selectors import accounts
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput

LONGEST_SPAN = timedelta(days=800)


class FeeSerializer(serializers.ModelSerializer[Fee]):
    """A fee; ``account`` is the public id of who pays it."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id")

    class Meta:
        model = Fee
        fields = (
            "id",
            "account",
            *services.FEE_FIELDS,
            "currency",
            "subject_label",
            "created_at",
            "updated_at",
        )


class FeeChangeSerializer(Input):
    """What may be written of a fee."""

    kind = serializers.ChoiceField(choices=FeeKind.choices, required=False)
    name = serializers.CharField(max_length=120, required=False)
    recurrence = serializers.ChoiceField(choices=Recurrence.choices, required=False)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0, required=False)
    is_tax_included = serializers.BooleanField(required=False)
    tax_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=99, required=False
    )
    revenue_account = serializers.CharField(max_length=10, allow_blank=True, required=False)
    seller_ref = serializers.CharField(max_length=24, allow_blank=True, required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(allow_null=True, required=False)
    subject_kind = serializers.ChoiceField(
        choices=SubjectKind.choices, allow_blank=True, required=False
    )
    subject_ref = serializers.CharField(max_length=64, allow_blank=True, required=False)
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class FeeWriteSerializer(FeeChangeSerializer):
    """A new fee of an account."""

    account = serializers.CharField(max_length=24)
    kind = serializers.ChoiceField(choices=FeeKind.choices)
    name = serializers.CharField(max_length=120)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    starts_on = serializers.DateField()


class FeeEndSerializer(Input):
    """The last day of a monthly fee."""

    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class DueSpanSerializer(Input):
    """A span of days, both included, of at most 800 days."""

    from_on = serializers.DateField(required=False)
    until_on = serializers.DateField(required=False)


class DueFeeSerializer(serializers.Serializer[Any]):
    """A part of a fee that falls due; ``days`` 0: a one-off."""

    fee = serializers.CharField(source="fee.public_id")
    kind = serializers.CharField(source="fee.kind")
    name = serializers.CharField(source="fee.name")
    from_on = serializers.DateField(source="part.from_on")
    until_on = serializers.DateField(source="part.until_on")
    days = serializers.IntegerField(source="part.days")
    days_in_month = serializers.IntegerField(source="part.days_in_month")
    amount = serializers.DecimalField(source="part.amount", max_digits=12, decimal_places=2)
    currency = serializers.CharField(source="fee.currency")
    is_tax_included = serializers.BooleanField(source="fee.is_tax_included")
    tax_percent = serializers.DecimalField(source="fee.tax_percent", max_digits=5, decimal_places=2)
    revenue_account = serializers.CharField(source="fee.revenue_account")


class FeeList(ListView):
    """All fees; POST adds one to an account."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.ACCOUNT_EDIT
    serializer_class = FeeSerializer
    filterset_class = FeeFilter

    def rows(self) -> QuerySet[Fee]:
        """Fees of the caller's operator."""
        return fees()

    @extend_schema(request=FeeWriteSerializer, responses={201: FeeSerializer})
    def post(self, request: Request) -> Response:
        """Add a fee."""
        given = FeeWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        account = accounts().filter(public_id=values.pop("account")).first()
        if account is None:
            raise InvalidInput(
                "account", _("There is no billing account with this id."), field="account"
            )
        fee = services.create_fee(account=account, **values)
        return Response(FeeSerializer(fee).data, status=201)


class FeeDetail(DetailView):
    """One fee; PATCH changes it, DELETE takes out a mistake."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.ACCOUNT_EDIT
    serializer_class = FeeSerializer

    def get_object(self) -> Fee:
        """The caller's own fee, or 404."""
        return get_object_or_404(fees(), public_id=self.kwargs["ref"])

    @extend_schema(request=FeeChangeSerializer, responses=FeeSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a fee; what is not given stays."""
        fee = self.get_object()
        given = FeeChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_fee(fee=fee, **given.validated_data)
        return Response(FeeSerializer(fee).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Take out a fee that was entered by mistake."""
        services.delete_fee(fee=self.get_object())
        return Response(status=204)


class FeeEnd(ScopedView):
    """POST ends a monthly fee."""

    write_permission = Permission.ACCOUNT_EDIT

    @extend_schema(request=FeeEndSerializer, responses=FeeSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """The day is the last one that is paid; 409 for a one-off."""
        fee: Fee = get_object_or_404(fees(), public_id=ref)
        given = FeeEndSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.end_fee(fee=fee, **given.validated_data)
        return Response(FeeSerializer(fee).data)


class AccountFeesDue(ScopedView):
    """What falls due of an account's fees."""

    read_permission = Permission.ACCOUNT_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("from_on", date),
            OpenApiParameter("until_on", date),
        ],
        responses=DueFeeSerializer(many=True),
    )
    def get(self, request: Request, ref: str) -> Response:
        """Parts of fees by calendar month, in order of days; of this month unless told."""
        account = get_object_or_404(accounts(), public_id=ref)
        given = DueSpanSerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        this_month = next_months(operator_day(operator_of(request)), 1)[0]
        first = given.validated_data.get("from_on", this_month[0])
        last = given.validated_data.get("until_on", this_month[1])
        if not timedelta(0) <= last - first <= LONGEST_SPAN:
            raise InvalidInput(
                "span", _("The span ends before it begins, or is too long."), field="until_on"
            )
        rows = overlapping(fees_of(account), first, last)
        return Response(DueFeeSerializer(due(rows, first, last), many=True).data)


urls = [
    address("fees", FeeList, "fees"),
    address("fees/{ref}", FeeDetail, "fee"),
    address("fees/{ref}/end", FeeEnd, "fee_end"),
    address("billing-accounts/{ref}/fees-due", AccountFeesDue, "billing_account_fees_due"),
]
