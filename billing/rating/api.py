"""REST: rated sessions with their lines and periods, CDRs, revenue."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.rating import selectors
from billing.rating.cdr import VERSIONS, cdr_of, credit_cdr_of, plain
from billing.rating.filters import RatedSessionFilter
from billing.rating.models import PriceLine, PricePeriod, RatedSession
from billing.rating.revenue import revenue_report
from billing.rating.revenue_views import GROUPINGS, RevenueForm
from core.accounts.permissions import Permission
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from stations.sessions.place_class import place_class_of


class PriceLineSerializer(serializers.ModelSerializer[PriceLine]):
    """One line: quantities in ``unit`` (Wh, s, 1), ``unit_price`` per kWh, per hour or once."""

    class Meta:
        model = PriceLine
        fields = (
            "position", "kind", "reason", "element", "started_at", "stopped_at", "quantity",
            "billed_quantity", "unit", "unit_price", "tax_rate", "exact_net", "net", "tax",
            "gross", "is_interpolated",
        )  # fmt: skip


class PricePeriodSerializer(serializers.ModelSerializer[PricePeriod]):
    """A stretch in which no price changed; ``prices`` are pairs of dimension and element."""

    class Meta:
        model = PricePeriod
        fields = (
            "position", "started_at", "stopped_at", "energy_wh", "kind", "prices",
            "is_idle_free", "is_interpolated",
        )  # fmt: skip


class RatedSessionSerializer(serializers.ModelSerializer[RatedSession]):
    """The price of a session. ``account`` for those alone who may see billing accounts."""

    id = serializers.CharField(source="public_id")
    session = serializers.CharField(source="session.public_id")
    state = serializers.CharField(source="session.billing.state")
    site = serializers.CharField(source="site.public_id")
    station = serializers.CharField(source="station.public_id")
    account = serializers.SerializerMethodField()
    tariff = serializers.CharField(source="tariff_version.tariff.public_id")
    tariff_version = serializers.IntegerField(source="tariff_version.number")
    taxes = serializers.JSONField()
    place_class = serializers.SerializerMethodField()

    class Meta:
        model = RatedSession
        fields = (
            "id", "session", "revision", "is_current", "state", "site", "place_class", "station",
            "account",
            "tariff", "tariff_version", "tariff_hash", "engine_version", "started_at",
            "stopped_at", "delivered_on", "energy_wh", "exported_wh", "charging_s", "parking_s",
            "currency", "net", "tax", "gross", "taxes", "findings", "is_interpolated",
            "correction", "created_at",
        )  # fmt: skip

    def get_place_class(self, rated: RatedSession) -> str:
        """What the place was when the session began."""
        return place_class_of(rated.session, rated.site)

    def get_account(self, rated: RatedSession) -> str | None:
        """Public id of the billing account."""
        request = self.context.get("request")
        if request is None or not may(request, Permission.ACCOUNT_VIEW) or rated.account is None:
            return None
        return str(rated.account.public_id)


class RatedSessionDetailSerializer(RatedSessionSerializer):
    """With lines, periods, and why this account and tariff."""

    lines = serializers.SerializerMethodField()
    periods = serializers.SerializerMethodField()
    why = serializers.ListField(
        child=serializers.CharField(), source="session.billing.reasons", read_only=True
    )

    class Meta(RatedSessionSerializer.Meta):
        fields = (*RatedSessionSerializer.Meta.fields, "why", "lines", "periods")  # type: ignore[assignment]  # a longer tuple

    def get_lines(self, rated: RatedSession) -> list[dict[str, Any]]:
        """Price lines in order."""
        return [dict(one) for one in PriceLineSerializer(selectors.lines(rated), many=True).data]

    def get_periods(self, rated: RatedSession) -> list[dict[str, Any]]:
        """Price periods in order."""
        rows = selectors.periods(rated)
        return [dict(one) for one in PricePeriodSerializer(rows, many=True).data]


class RatedSessionList(ListView):
    """Current prices, the newest first."""

    read_permission = Permission.TARIFF_VIEW
    serializer_class = RatedSessionSerializer
    filterset_class = RatedSessionFilter

    def rows(self) -> QuerySet[RatedSession]:
        """Those of the caller's operator."""
        return selectors.rated_sessions()


class RatedSessionDetail(DetailView):
    """One revision with its lines and periods."""

    read_permission = Permission.TARIFF_VIEW
    serializer_class = RatedSessionDetailSerializer

    def get_object(self) -> RatedSession:
        """The caller's own, or 404."""
        return get_object_or_404(selectors.revisions(), public_id=self.kwargs["ref"])


class RatedSessionCdr(ScopedView):
    """The CDR of a revision in a version of OCPI."""

    read_permission = Permission.TARIFF_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("version", str, enum=list(VERSIONS)),
            OpenApiParameter("credit", bool, description="The Credit CDR that takes it back"),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, ref: str) -> Response:
        """As OCPI defines it; 409 where the site lacks what OCPI demands."""
        rated = get_object_or_404(selectors.revisions(), public_id=ref)
        version = request.query_params.get("version", VERSIONS[-1])
        if version not in VERSIONS:
            raise serializers.ValidationError({"version": [f"One of {', '.join(VERSIONS)}."]})
        is_credit = request.query_params.get("credit", "").lower() in ("1", "true")
        document = credit_cdr_of(rated, version) if is_credit else cdr_of(rated, version)
        return Response(plain(document))


class RevenueRowSerializer(serializers.Serializer[Any]):
    """Sums of one day, site, station or tariff in one currency."""

    id = serializers.CharField(source="ref")
    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    currency = serializers.CharField()
    sessions = serializers.IntegerField()
    energy_wh = serializers.DecimalField(max_digits=24, decimal_places=4)
    net = serializers.DecimalField(max_digits=24, decimal_places=4)
    tax = serializers.DecimalField(max_digits=24, decimal_places=4)
    gross = serializers.DecimalField(max_digits=24, decimal_places=4)


class RevenueSerializer(serializers.Serializer[Any]):
    """Rows, totals by currency, and what is held and so not in them."""

    rows = RevenueRowSerializer(many=True)
    totals = RevenueRowSerializer(many=True)
    held = RevenueRowSerializer(many=True)


class Revenue(ScopedView):
    """Revenue of a period."""

    read_permission = Permission.TARIFF_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("from_on", {"type": "string", "format": "date"}),
            OpenApiParameter("to_on", {"type": "string", "format": "date"}),
            OpenApiParameter("site", str, description="Public id of a site"),
            OpenApiParameter("by", str, enum=[name for name, _label in GROUPINGS]),
        ],
        responses=RevenueSerializer,
    )
    def get(self, request: Request) -> Response:
        """By day, site, station or tariff; days are those of the site's zone."""
        form = RevenueForm(request.query_params, zone=operator_of(request).time_zone)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(text) for text in texts] for name, texts in form.errors.items()}
            )
        asked = {name: form.cleaned_data[name] for name in ("from_on", "to_on", "site", "by")}
        return Response(RevenueSerializer(revenue_report(**asked)).data)


urls = [
    address("rated-sessions", RatedSessionList, "rated_sessions"),
    address("rated-sessions/{ref}", RatedSessionDetail, "rated_session"),
    address("rated-sessions/{ref}/cdr", RatedSessionCdr, "rated_session_cdr"),
    address("revenue", Revenue, "revenue"),
]
