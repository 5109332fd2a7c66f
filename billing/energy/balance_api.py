"""REST: the energy balance."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.energy.balance import Doubt, MonthState
from billing.energy.balance_facts import site_balances
from billing.energy.balance_forms import BalanceForm
from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.views import ScopedView
from core.errors import InvalidInput

_MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}
_ENERGY: dict[str, Any] = {"max_digits": 20, "decimal_places": 3, "allow_null": True}


class EnergyBalanceSerializer(serializers.Serializer[Any]):
    """A site and month in one currency; energy stands in the first currency alone."""

    site = serializers.CharField(source="site.public_id")
    site_name = serializers.CharField(source="site.name")
    month_on = serializers.DateField(source="row.month_on")
    sessions = serializers.IntegerField(source="row.sessions", allow_null=True)
    bought_kwh = serializers.DecimalField(source="row.bought_kwh", **_ENERGY)
    delivered_kwh = serializers.DecimalField(source="row.delivered_kwh", **_ENERGY)
    loss_kwh = serializers.DecimalField(source="row.loss_kwh", **_ENERGY)
    loss_percent = serializers.DecimalField(
        source="row.loss_percent", max_digits=12, decimal_places=1, allow_null=True
    )
    currency = serializers.CharField(source="row.currency")
    revenue_net = serializers.DecimalField(source="row.revenue", **_MONEY)
    electricity_net = serializers.DecimalField(source="row.electricity", **_MONEY)
    grid_net = serializers.DecimalField(source="row.grid", **_MONEY)
    power_net = serializers.DecimalField(source="row.power", **_MONEY)
    cost_net = serializers.DecimalField(source="row.cost", **_MONEY)
    margin_net = serializers.DecimalField(source="row.margin", **_MONEY)
    margin_per_kwh = serializers.DecimalField(
        source="row.margin_per_kwh", max_digits=20, decimal_places=4, allow_null=True
    )
    state = serializers.ChoiceField(
        source="row.state.value", choices=[one.value for one in MonthState]
    )
    doubts = serializers.SerializerMethodField()

    def get_doubts(self, one: Any) -> list[str]:
        """What is hard to believe: negative, high, apart."""
        return [doubt.value for doubt in one.row.doubts if isinstance(doubt, Doubt)]


class EnergyBalance(ScopedView):
    """Energy bought against delivered, revenue against cost, by site and month."""

    read_permission = Permission.ENERGY_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str)
            for name in ("from_month", "until_month", "site", "state", "limit")
        ],
        responses=EnergyBalanceSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Months as 2026-11; without them the last twelve that are over."""
        form = BalanceForm(request.query_params, operator=operator_of(request))
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise InvalidInput("filter", " ".join(map(str, errors)), field=name)
        return Response(EnergyBalanceSerializer(site_balances(**form.asked()), many=True).data)
