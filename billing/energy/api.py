"""REST: energy costs of sites."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.energy import services
from billing.energy.balance_api import EnergyBalance
from billing.energy.lists import EnergyCostFilter
from billing.energy.models import CostKind, EnergyCost
from billing.energy.selectors import energy_costs
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView
from core.errors import InvalidInput
from stations.sites.models import Site
from stations.sites.selectors import sites


class EnergyCostSerializer(serializers.ModelSerializer[EnergyCost]):
    """What an invoice says about a site and month; ``settled_in`` names the statement that
    passed it on."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")

    class Meta:
        model = EnergyCost
        fields = ("id", "site", *services.COST_FIELDS, "settled_in", "created_at", "updated_at")


class EnergyCostChangeSerializer(Input):
    """What may be changed of an energy cost, and why."""

    site = serializers.CharField(max_length=24, required=False)
    month_on = serializers.DateField(required=False)
    kind = serializers.ChoiceField(choices=CostKind.choices, required=False)
    supplier = serializers.CharField(max_length=120, required=False)
    invoice_number = serializers.CharField(max_length=60, required=False)
    invoiced_on = serializers.DateField(allow_null=True, required=False)
    energy_kwh = serializers.DecimalField(
        max_digits=14, decimal_places=3, allow_null=True, required=False
    )
    net = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    tax = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)
    reason = serializers.CharField(max_length=500)


class EnergyCostWriteSerializer(EnergyCostChangeSerializer):
    """A new energy cost; without a currency that of the operator."""

    site = serializers.CharField(max_length=24)
    month_on = serializers.DateField(help_text="Any day of the month.")
    kind = serializers.ChoiceField(choices=CostKind.choices)
    supplier = serializers.CharField(max_length=120)
    invoice_number = serializers.CharField(max_length=60)
    net = serializers.DecimalField(max_digits=14, decimal_places=2)
    tax = serializers.DecimalField(max_digits=14, decimal_places=2)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class EnergyCostDeleteSerializer(Input):
    """Why a cost is taken out."""

    reason = serializers.CharField(max_length=500)


def _with_site(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the site that a public id names."""
    if "site" in values:
        site: Site | None = sites().select_related("operator").filter(
            public_id=values["site"]
        ).first()  # fmt: skip
        if site is None:
            raise InvalidInput("site", _("There is no site with this id."), field="site")
        values["site"] = site
    return values


class EnergyCostList(ListView):
    """All energy costs; POST enters one."""

    read_permission = Permission.ENERGY_VIEW
    write_permission = Permission.ENERGY_EDIT
    serializer_class = EnergyCostSerializer
    filterset_class = EnergyCostFilter

    def rows(self) -> QuerySet[EnergyCost]:
        """Costs of the sites that the caller may see."""
        return energy_costs()

    @extend_schema(request=EnergyCostWriteSerializer, responses={201: EnergyCostSerializer})
    def post(self, request: Request) -> Response:
        """Enter a cost; 409 when this invoice is there already."""
        given = EnergyCostWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        cost = services.create_cost(**_with_site({**given.validated_data}))
        return Response(EnergyCostSerializer(cost).data, status=201)


class EnergyCostDetail(DetailView):
    """One cost; PATCH changes it, DELETE takes out a mistake."""

    read_permission = Permission.ENERGY_VIEW
    write_permission = Permission.ENERGY_EDIT
    serializer_class = EnergyCostSerializer

    def get_object(self) -> EnergyCost:
        """The caller's own cost, or 404."""
        return get_object_or_404(energy_costs(), public_id=self.kwargs["ref"])

    @extend_schema(request=EnergyCostChangeSerializer, responses=EnergyCostSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a cost with a reason; 409 once a statement has used it."""
        cost = self.get_object()
        given = EnergyCostChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changed = services.change_cost(cost=cost, **_with_site({**given.validated_data}))
        return Response(EnergyCostSerializer(changed).data)

    @extend_schema(request=EnergyCostDeleteSerializer, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Take out a mistake with a reason; 409 once a statement has used it."""
        cost = self.get_object()
        given = EnergyCostDeleteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.delete_cost(cost=cost, reason=given.validated_data["reason"])
        return Response(status=204)


urls = [
    address("energy-costs", EnergyCostList, "energy_costs"),
    address("energy-costs/{ref}", EnergyCostDetail, "energy_cost"),
    address("energy-balance", EnergyBalance, "energy_balance"),
]
