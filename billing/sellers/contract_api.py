"""REST: who sells at which site when."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.sellers.contract_services import end_contract, set_contract
from billing.sellers.lists import ContractFilter
from billing.sellers.models import ContractForm, Seller, SiteContract
from billing.sellers.selectors import contracts, contracts_of, seller_named
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ListView, ScopedView
from stations.sites.models import Site
from stations.sites.selectors import sites


class ContractSerializer(serializers.ModelSerializer[SiteContract]):
    """A site contract; site, seller and host by public id."""

    site = serializers.CharField(source="site.public_id")
    seller = serializers.CharField(source="seller.public_id", allow_null=True, default=None)
    host = serializers.CharField(source="host.public_id", allow_null=True, default=None)

    class Meta:
        model = SiteContract
        fields = (
            "site",
            "form",
            "seller",
            "host",
            "host_is_vat_registered",
            "self_billing_agreed_on",
            "minimum_payout_amount",
            "basis_email",
            "note",
            "valid_from_on",
            "valid_until_on",
        )


class ContractWriteSerializer(Input):
    """A contract from a day on; no day: since ever."""

    form = serializers.ChoiceField(choices=ContractForm.choices)
    seller = serializers.CharField(max_length=24, allow_null=True, required=False)
    host = serializers.CharField(max_length=24, allow_null=True, required=False)
    host_is_vat_registered = serializers.BooleanField(required=False)
    self_billing_agreed_on = serializers.DateField(allow_null=True, required=False)
    minimum_payout_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    basis_email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)
    from_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ContractEndSerializer(Input):
    """The first day without a contract."""

    from_on = serializers.DateField()
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


def _party(values: dict[str, Any], name: str) -> Seller | None:
    """The seller that a public id names."""
    ref = values.get(name)
    return seller_named(ref, field=name) if ref else None


class ContractList(ListView):
    """All site contracts, past and coming ones too."""

    read_permission = Permission.ACCOUNT_VIEW
    serializer_class = ContractSerializer
    filterset_class = ContractFilter

    def rows(self) -> QuerySet[SiteContract]:
        """Contracts of the caller's operator."""
        return contracts()


class SiteContracts(ScopedView):
    """The contracts of a site; POST lets another one hold from a day on."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.SELLER_EDIT

    @extend_schema(operation_id="site_contracts_of_site", responses=ContractSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """The latest first; none: the default seller sells here."""
        return self._shown(get_object_or_404(sites(), public_id=ref))

    @extend_schema(request=ContractWriteSerializer, responses=ContractSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """The contract that holds then ends the day before; later ones are taken out."""
        site = get_object_or_404(sites(), public_id=ref)
        given = ContractWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values |= {name: _party(values, name) for name in ("seller", "host")}
        set_contract(site=site, **values)
        return self._shown(site)

    def _shown(self, site: Site) -> Response:
        return Response(ContractSerializer(contracts_of(site.pk), many=True).data)


class SiteContractEnd(ScopedView):
    """POST lets the default seller sell at the site from a day on."""

    write_permission = Permission.SELLER_EDIT

    @extend_schema(request=ContractEndSerializer, responses=ContractSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """409 when there is no contract then."""
        site = get_object_or_404(sites(), public_id=ref)
        given = ContractEndSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        end_contract(site=site, **given.validated_data)
        return Response(ContractSerializer(contracts_of(site.pk), many=True).data)


urls = [
    address("site-contracts", ContractList, "site_contracts"),
    address("sites/{ref}/contracts", SiteContracts, "site_contracts_of_site"),
    address("sites/{ref}/contracts/end", SiteContractEnd, "site_contract_end"),
]
