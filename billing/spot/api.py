"""REST: spot prices, exchange rates, and the files that they came from."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.spot import services
from billing.spot.filters import ExchangeRateFilter, SpotImportFilter, SpotPriceFilter
from billing.spot.forms import DayForm
from billing.spot.models import (
    AREA_CHOICES,
    ExchangeRate,
    SpotImport,
    SpotKind,
    SpotPrice,
)
from billing.spot.plans import SpotPlan, plan_of
from billing.spot.selectors import exchange_rates, spot_day, spot_imports, spot_prices
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput, RuleViolation
from core.imports.models import ImportState


class SpotPriceSerializer(serializers.ModelSerializer[SpotPrice]):
    """The price of a quarter; ``is_own``: of the operator alone, and before the market's."""

    is_own = serializers.BooleanField(read_only=True)

    class Meta:
        model = SpotPrice
        fields = (
            "area", "starts_at", "minutes", "price", "currency", "source", "is_own", "imported_at",
        )  # fmt: skip


class ExchangeRateSerializer(serializers.ModelSerializer[ExchangeRate]):
    """Units of a currency for one euro."""

    is_own = serializers.BooleanField(read_only=True)

    class Meta:
        model = ExchangeRate
        fields = ("currency", "base", "published_on", "rate", "source", "is_own", "imported_at")


class ExchangeRateWriteSerializer(Input):
    """A rate to enter, or to change with a reason."""

    currency = serializers.RegexField(r"^(?!EUR)[A-Z]{3}$")
    published_on = serializers.DateField()
    rate = serializers.DecimalField(max_digits=16, decimal_places=8)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class SpotImportSerializer(serializers.ModelSerializer[SpotImport]):
    """A file without its content."""

    id = serializers.CharField(source="public_id")
    is_own = serializers.BooleanField(read_only=True)

    class Meta:
        model = SpotImport
        fields = (
            "id", "kind", "area", "source", "file_name", "form", "size_bytes", "sha256", "state",
            "created_count", "changed_count", "user_label", "reason", "is_own", "created_at",
            "done_at",
        )  # fmt: skip


class SpotProblemSerializer(serializers.Serializer[Any]):
    """What is wrong, in which line (0: the file), and what helps."""

    code = serializers.CharField()
    line = serializers.IntegerField()
    reason = serializers.CharField()
    cure = serializers.CharField()


class SpotDaySummarySerializer(serializers.Serializer[Any]):
    """One day of a file."""

    area = serializers.CharField()
    day = serializers.DateField()
    quarters = serializers.IntegerField()
    low = serializers.DecimalField(max_digits=14, decimal_places=6)
    mean = serializers.DecimalField(max_digits=14, decimal_places=6)
    high = serializers.DecimalField(max_digits=14, decimal_places=6)
    changed = serializers.IntegerField()


class SpotImportPlanSerializer(SpotImportSerializer):
    """A file with what it would do now; ``digest`` confirms exactly that."""

    digest = serializers.CharField(source="plan.digest", default="")
    is_good = serializers.BooleanField(source="plan.is_good", default=False)
    would_create = serializers.IntegerField(source="plan.would_create", default=0)
    would_change = serializers.IntegerField(source="plan.would_change", default=0)
    unchanged = serializers.IntegerField(source="plan.same", default=0)
    off_market = serializers.IntegerField(source="plan.off_market", default=0)
    problems = SpotProblemSerializer(source="plan.problems", many=True, default=list)
    days = SpotDaySummarySerializer(source="plan.days", many=True, default=list)

    class Meta(SpotImportSerializer.Meta):
        fields = (  # type: ignore[assignment]  # a longer tuple
            *SpotImportSerializer.Meta.fields, "digest", "is_good", "would_create",
            "would_change", "unchanged", "off_market", "problems", "days",
        )  # fmt: skip


class SpotImportCreateSerializer(Input):
    """A file to look at."""

    kind = serializers.ChoiceField(choices=SpotKind.choices)
    area = serializers.ChoiceField(choices=AREA_CHOICES, required=False, default="")
    file_name = serializers.CharField(max_length=150, required=False, default="spot.csv")
    content = serializers.CharField(trim_whitespace=True, help_text="The file in base64.")


class SpotImportCommitSerializer(Input):
    """Confirms what ``digest`` stands for; ``replaces`` lets stored values change."""

    digest = serializers.CharField(max_length=64)
    replaces = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class DayQuarterSerializer(serializers.Serializer[Any]):
    """A quarter with the price that holds; null where there is none."""

    starts_at = serializers.DateTimeField()
    price = serializers.DecimalField(max_digits=14, decimal_places=6, allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    is_own = serializers.BooleanField()


class SpotDaySerializer(serializers.Serializer[Any]):
    """The 92, 96 or 100 quarters of a day of the market, EUR/MWh."""

    area = serializers.CharField()
    day = serializers.DateField()
    quarters = DayQuarterSerializer(many=True)


class SpotPriceList(ListView):
    """Stored prices."""

    read_permission = Permission.TARIFF_VIEW
    serializer_class = SpotPriceSerializer
    filterset_class = SpotPriceFilter

    def rows(self) -> QuerySet[SpotPrice]:
        """Own and the market's."""
        return spot_prices()


class SpotDayView(ScopedView):
    """The prices that hold on one day."""

    read_permission = Permission.TARIFF_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("area", str, enum=[a for a, _name in AREA_CHOICES]),
            OpenApiParameter("day", {"type": "string", "format": "date"}),
        ],
        responses=SpotDaySerializer,
    )
    def get(self, request: Request) -> Response:
        """Days are those of CET/CEST, in all zones; unless told SE3 and the newest day."""
        form = DayForm(request.query_params, operator_id=operator_of(request).pk)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(text) for text in texts] for name, texts in form.errors.items()}
            )
        found = spot_day(operator_id=operator_of(request).pk, **form.cleaned_data)
        return Response(SpotDaySerializer(found).data)


class ExchangeRateList(ListView):
    """Stored rates; POST enters one of the operator's own."""

    read_permission = Permission.TARIFF_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = ExchangeRateSerializer
    filterset_class = ExchangeRateFilter

    def rows(self) -> QuerySet[ExchangeRate]:
        """Own and the market's."""
        return exchange_rates()

    @extend_schema(request=ExchangeRateWriteSerializer, responses={201: ExchangeRateSerializer})
    def post(self, request: Request) -> Response:
        """Enter a rate; to change one needs a reason."""
        given = ExchangeRateWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rate = services.set_rate(operator=operator_of(request), **given.validated_data)
        return Response(ExchangeRateSerializer(rate).data, status=201)


def _with_plan(run: SpotImport, plan: SpotPlan | None) -> dict[str, Any]:
    run.plan = plan  # type: ignore[attr-defined]  # for its serializer
    return SpotImportPlanSerializer(run).data


class SpotImportList(ListView):
    """Files; POST sends one."""

    read_permission = Permission.TARIFF_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = SpotImportSerializer
    filterset_class = SpotImportFilter

    def rows(self) -> QuerySet[SpotImport]:
        """Own and the market's."""
        return spot_imports()

    @extend_schema(request=SpotImportCreateSerializer, responses={201: SpotImportPlanSerializer})
    def post(self, request: Request) -> Response:
        """Send a file. No price is written; the answer says what importing it would do."""
        given = SpotImportCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        try:
            raw = base64.b64decode(values["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("base64", "This is no base64.", field="content") from error
        run = services.begin(
            operator=operator_of(request), kind=values["kind"], area=values["area"],
            name=values["file_name"], raw=raw,
        )  # fmt: skip
        return Response(_with_plan(run, plan_of(run)), status=201)


class SpotImportDetail(DetailView):
    """One file with what it would do now; DELETE discards a draft."""

    read_permission = Permission.TARIFF_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = SpotImportPlanSerializer

    def get_object(self) -> SpotImport:
        """The caller's own file or one of the market, or 404."""
        run: SpotImport = get_object_or_404(SpotImport.objects.all(), public_id=self.kwargs["ref"])
        is_draft = run.state == ImportState.DRAFT
        run.plan = plan_of(run) if is_draft else None  # type: ignore[attr-defined]  # for its serializer
        return run

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Discard a draft."""
        services.discard(run=self.get_object())
        return Response(status=204)


class SpotImportCommit(ScopedView):
    """POST takes a file over."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=SpotImportCommitSerializer, responses=SpotImportSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Store everything, or nothing; 409 when anything else than confirmed would be done."""
        run = get_object_or_404(SpotImport.objects.all(), public_id=ref)
        given = SpotImportCommitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        result = services.commit(run=run, shown=values.pop("digest"), **values)
        if result.is_stale:
            raise RuleViolation("stale", "Rows have changed since the preview; look again.")
        run.refresh_from_db()
        return Response(SpotImportSerializer(run).data)


urls = [
    address("spot-prices", SpotPriceList, "spot_prices"),
    address("spot-day", SpotDayView, "spot_day"),
    address("exchange-rates", ExchangeRateList, "exchange_rates"),
    address("spot-imports", SpotImportList, "spot_imports"),
    address("spot-imports/{ref}", SpotImportDetail, "spot_import"),
    address("spot-imports/{ref}/commit", SpotImportCommit, "spot_import_commit"),
]
