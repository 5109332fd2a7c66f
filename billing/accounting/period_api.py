"""REST: the accountant's home, the months of the books, closing them and opening them again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounting.filters import PeriodFilter
from billing.accounting.models import Period, PeriodChange
from billing.accounting.month import month_of
from billing.accounting.period_services import close_period, reopen_period
from billing.accounting.selectors import changes_of, periods, sellers
from billing.sellers.models import Seller
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


def _month_field(*, required: bool) -> serializers.RegexField:
    return serializers.RegexField(
        r"^20[0-9]{2}-(0[1-9]|1[0-2])$",
        required=required,
        max_length=7,
        error_messages={"invalid": _("A month is written 2026-10.")},
        help_text="YYYY-MM",
    )


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


class CheckSerializer(serializers.Serializer[Any]):
    """A line of the checklist: how many are open, some of them by name. ``blocks``: the month
    cannot be closed before it is done."""

    code = serializers.CharField()
    title = serializers.CharField()
    count = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())
    blocks = serializers.BooleanField()
    is_done = serializers.BooleanField()


class AccruedSumSerializer(serializers.Serializer[Any]):
    """What accrues at the end of the month in a currency, without VAT."""

    currency = serializers.CharField()
    net = serializers.DecimalField(max_digits=20, decimal_places=4)


class BookMonthSerializer(serializers.ModelSerializer[Period]):
    """A month of a seller's books."""

    id = serializers.CharField(source="public_id")
    seller = serializers.CharField(source="seller.public_id")

    class Meta:
        model = Period
        fields: tuple[str, ...] = (
            "id", "seller", "begins_on", "state", "closed_at", "closed_by_label",
        )  # fmt: skip


class BookMonthChangeSerializer(serializers.ModelSerializer[PeriodChange]):
    """A closing or an opening, with what was open then."""

    checklist = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = PeriodChange
        fields = ("state", "happened_at", "by_label", "reason", "checklist")


class BookMonthDetailSerializer(BookMonthSerializer):
    """A month with its closings, the latest first."""

    changes = serializers.SerializerMethodField()

    class Meta(BookMonthSerializer.Meta):
        fields = (*BookMonthSerializer.Meta.fields, "changes")

    @extend_schema_field(BookMonthChangeSerializer(many=True))
    def get_changes(self, row: Period) -> Any:
        """Closings and openings."""
        return BookMonthChangeSerializer(changes_of(row), many=True).data


class BooksSerializer(serializers.Serializer[Any]):
    """What is open of a month: the checklist, and what would accrue."""

    seller = serializers.CharField(source="seller.public_id")
    month = serializers.DateField(source="begins_on")
    open_months = serializers.ListField(child=serializers.DateField(), source="months")
    period = BookMonthSerializer(allow_null=True)
    checks = CheckSerializer(many=True)
    open_count = serializers.IntegerField()
    accrued_count = serializers.IntegerField()
    accrued = AccruedSumSerializer(many=True)


class MonthAskedSerializer(Input):
    """Whose books (the default seller's), and which month (the first open one)."""

    seller = serializers.CharField(max_length=24, required=False, default="")
    month = _month_field(required=False)


class MonthCloseSerializer(Input):
    """The month to be closed."""

    seller = serializers.CharField(max_length=24)
    month = _month_field(required=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MonthReopenSerializer(Input):
    """Why it is opened again."""

    reason = serializers.CharField(max_length=500)


def _seller(ref: str) -> Seller:
    rows = sellers().select_related("operator")
    seller: Seller = get_object_or_404(rows, public_id=ref) if ref else get_object_or_404(rows[:1])
    return seller


class BooksOfMonth(ScopedView):
    """What is open of a month."""

    read_permission = Permission.LEDGER_VIEW

    @extend_schema(
        parameters=[OpenApiParameter("seller", str), OpenApiParameter("month", str)],
        responses=BooksSerializer,
    )
    def get(self, request: Request) -> Response:
        """The first month that is not closed, unless one is asked for."""
        given = MonthAskedSerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        values = given.validated_data
        asked = _first_day(values["month"]) if "month" in values else None
        found = month_of(_seller(values["seller"]), asked)
        return Response(BooksSerializer(found).data)


class PeriodList(ListView):
    """The months of the books, the latest first."""

    read_permission = Permission.LEDGER_VIEW
    serializer_class = BookMonthSerializer
    filterset_class = PeriodFilter

    def rows(self) -> QuerySet[Period]:
        """Months of the caller's operator."""
        return periods()


class PeriodDetail(DetailView):
    """One month with its closings."""

    read_permission = Permission.LEDGER_VIEW
    serializer_class = BookMonthDetailSerializer

    def get_object(self) -> Period:
        """The caller's own, or 404."""
        period: Period = get_object_or_404(periods(), public_id=self.kwargs["ref"])
        return period


class PeriodClose(ScopedView):
    """POST closes a month of a seller's books."""

    write_permission = Permission.LEDGER_CLOSE

    @extend_schema(request=MonthCloseSerializer, responses={201: BookMonthSerializer})
    def post(self, request: Request) -> Response:
        """409 while something stands in the way (it is named), and for a closed month."""
        given = MonthCloseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        period = close_period(
            seller=_seller(values["seller"]),
            begins_on=_first_day(values["month"]),
            reason=values["reason"],
        )
        return Response(BookMonthSerializer(period).data, status=201)


class PeriodReopen(ScopedView):
    """POST opens a closed month again."""

    write_permission = Permission.LEDGER_REOPEN

    @extend_schema(request=MonthReopenSerializer, responses=BookMonthSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for an open month, and while a later one is closed."""
        period = get_object_or_404(periods(), public_id=ref)
        given = MonthReopenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        opened = reopen_period(period=period, reason=given.validated_data["reason"])
        return Response(BookMonthSerializer(opened).data)


urls = [
    address("books", BooksOfMonth, "books"),
    address("periods", PeriodList, "periods"),
    address("periods/close", PeriodClose, "period_close"),
    address("periods/{ref}", PeriodDetail, "period"),
    address("periods/{ref}/reopen", PeriodReopen, "period_reopen"),
]
