"""REST: what hosts and boards see of their sites."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.energy.disclosure import show_costs_to_host, shown_to_host
from billing.settlement.models import Statement
from billing.settlement.selectors import shown_lines
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from portal.hosts.masking import masked
from portal.hosts.overview import cost_months, costs_of, host_places, months_of, shares_of
from portal.hosts.sessions import HostSessionFilter, host_sessions
from portal.hosts.statements import HostStatementFilter, host_statements
from stations.hardware.selectors import evses
from stations.sessions.models import Session
from stations.sites.models import Site
from stations.sites.selectors import sites

_ENERGY: dict[str, Any] = {"max_digits": 20, "decimal_places": 3}
_MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}


class HostSiteSerializer(serializers.Serializer[Any]):
    """A site and the states of its EVSEs."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    evses = serializers.IntegerField()
    available = serializers.IntegerField()
    charging = serializers.IntegerField()
    stations = serializers.IntegerField()
    offline = serializers.IntegerField()


class HostEvseSerializer(serializers.Serializer[Any]):
    """An EVSE and its state."""

    station = serializers.CharField(source="station.name")
    number = serializers.IntegerField()
    status = serializers.CharField()
    is_connected = serializers.BooleanField(source="station.link.is_connected", default=False)


class HostShareSerializer(serializers.Serializer[Any]):
    """Which share of the last 30 days a station was connected."""

    station = serializers.CharField(source="station.name")
    connected_share = serializers.FloatField(allow_null=True)


class HostMonthSerializer(serializers.Serializer[Any]):
    """Sessions that ended in a month."""

    month_on = serializers.DateField()
    sessions = serializers.IntegerField()
    energy_kwh = serializers.DecimalField(**_ENERGY)


class HostCostSerializer(serializers.Serializer[Any]):
    """What the energy of a month cost and what was left, where the operator shows it."""

    month_on = serializers.DateField()
    currency = serializers.CharField()
    bought_kwh = serializers.DecimalField(**_ENERGY, allow_null=True)
    revenue_net = serializers.DecimalField(source="revenue", **_MONEY)
    cost_net = serializers.DecimalField(source="cost", **_MONEY)
    margin_net = serializers.DecimalField(source="margin", **_MONEY)


class HostSiteDetailSerializer(serializers.Serializer[Any]):
    """A site: EVSEs now, connection, months, and costs."""

    id = serializers.CharField(source="site.public_id")
    name = serializers.CharField(source="site.name")
    evses = HostEvseSerializer(many=True)
    stations = HostShareSerializer(many=True)
    months = HostMonthSerializer(many=True)
    costs = HostCostSerializer(many=True)


class HostSessionSerializer(serializers.ModelSerializer[Session]):
    """A session with the last characters of its card alone."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="station.site.public_id")
    station = serializers.CharField(source="station.name")
    card = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = (
            "id", "site", "station", "evse_number", "state", "started_at", "stopped_at",
            "energy_wh", "card",
        )  # fmt: skip

    def get_card(self, session: Session) -> str:
        """Masked."""
        return masked(session.id_token)


class HostSites(ScopedView):
    """The sites of a host."""

    read_permission = Permission.HOST_VIEW

    @extend_schema(responses=HostSiteSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Those with trouble first."""
        return Response(HostSiteSerializer(host_places(), many=True).data)


class HostSite(ScopedView):
    """One site of a host."""

    read_permission = Permission.HOST_VIEW

    @extend_schema(responses=HostSiteDetailSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """The last thirteen months, the oldest first."""
        site = _site(ref)
        operator = operator_of(request)
        shown = {
            "site": site,
            "evses": evses().filter(
                station__site=site, retired_on=None, station__retired_on=None
            ).select_related("station__link"),
            "stations": shares_of(site, timezone.now()),
            "months": months_of(operator, site),
            "costs": cost_months(costs_of(operator, [site])),
        }  # fmt: skip
        return Response(HostSiteDetailSerializer(shown).data)


class HostSessions(ListView):
    """Sessions of a host's sites."""

    read_permission = Permission.HOST_VIEW
    serializer_class = HostSessionSerializer
    filterset_class = HostSessionFilter

    def rows(self) -> QuerySet[Session]:
        """The latest first."""
        return host_sessions()


class HostStatementSerializer(serializers.ModelSerializer[Statement]):
    """An issued statement; ``invoice`` is the number of the self-billing invoice."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    host = serializers.CharField(source="host.name")
    state = serializers.CharField(source="shown_state")
    invoice = serializers.CharField(source="invoice.number", default=None, allow_null=True)

    class Meta:
        model = Statement
        fields = (
            "id", "site", "host", "period_from_on", "period_until_on", "state", "route",
            "session_count", "energy_wh", "currency", "revenue_net", "credited_net", "net", "tax",
            "gross", "fee_net", "invoice", "issued_on", "paid_on",
        )  # fmt: skip


class HostStatementLineSerializer(serializers.Serializer[Any]):
    """A line and how its amount comes about."""

    kind = serializers.CharField(source="line.kind")
    direction = serializers.CharField(source="line.direction")
    from_on = serializers.DateField(source="line.from_on")
    until_on = serializers.DateField(source="line.until_on")
    told = serializers.CharField()
    amount = serializers.DecimalField(source="line.amount", **_MONEY)


class HostStatementDetailSerializer(HostStatementSerializer):
    """The same with its lines."""

    lines = serializers.SerializerMethodField()

    class Meta(HostStatementSerializer.Meta):
        fields = (*HostStatementSerializer.Meta.fields, "lines")  # type: ignore[assignment]  # a longer tuple

    @extend_schema_field(HostStatementLineSerializer(many=True))
    def get_lines(self, statement: Statement) -> list[dict[str, Any]]:
        """What the operator pays, then what the host pays."""
        found = shown_lines(statement)
        every = [*found["to_host"], *found["to_operator"]]
        return list(HostStatementLineSerializer(every, many=True).data)


class HostStatements(ListView):
    """Issued statements of a host's sites."""

    read_permission = Permission.HOST_VIEW
    serializer_class = HostStatementSerializer
    filterset_class = HostStatementFilter

    def rows(self) -> QuerySet[Statement]:
        """The latest period first."""
        return host_statements(operator_of(self.request))


class HostStatement(DetailView):
    """One of them with its lines."""

    read_permission = Permission.HOST_VIEW
    serializer_class = HostStatementDetailSerializer

    def get_object(self) -> Statement:
        """A statement that the host may see, or 404."""
        rows = host_statements(operator_of(self.request))
        return get_object_or_404(rows, public_id=self.kwargs["ref"])


class CostsShownSerializer(serializers.Serializer[Any]):
    """Whether the host of a site sees energy costs and margin."""

    is_shown = serializers.BooleanField()


class CostsShownWriteSerializer(Input):
    """The same, and why."""

    is_shown = serializers.BooleanField()
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class SiteCostsShown(ScopedView):
    """Whether the host of a site sees energy costs and margin; POST says so."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.SELLER_EDIT

    @extend_schema(responses=CostsShownSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Not unless somebody said so."""
        site = _site(ref)
        return Response({"is_shown": site.pk in shown_to_host([site.pk])})

    @extend_schema(request=CostsShownWriteSerializer, responses=CostsShownSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Show or hide them."""
        site = _site(ref)
        given = CostsShownWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        show_costs_to_host(site=site, **given.validated_data)
        return Response({"is_shown": given.validated_data["is_shown"]})


def _site(ref: str) -> Site:
    site: Site = get_object_or_404(sites(), public_id=ref)
    return site


urls = [
    address("host-sites", HostSites, "host_sites"),
    address("host-sites/{ref}", HostSite, "host_site"),
    address("host-sessions", HostSessions, "host_sessions"),
    address("host-statements", HostStatements, "host_statements"),
    address("host-statements/{ref}", HostStatement, "host_statement"),
    address("sites/{ref}/host-costs", SiteCostsShown, "site_host_costs"),
]
