"""REST: price groups."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts import membership_services as services
from billing.accounts.dated import operator_day
from billing.accounts.filters import PriceGroupFilter
from billing.accounts.models import Audience, PriceGroup
from billing.accounts.selectors import price_group_rows
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


class PriceGroupSerializer(serializers.ModelSerializer[PriceGroup]):
    """A price group; ``account_count``: accounts that are in it today."""

    id = serializers.CharField(source="public_id")
    account_count = serializers.IntegerField()

    class Meta:
        model = PriceGroup
        fields = (
            "id",
            "name",
            "audience",
            "shows_tax_included",
            "description",
            "account_count",
            "retired_on",
            "created_at",
            "updated_at",
        )


class PriceGroupWriteSerializer(Input):
    """What may be written of a price group."""

    name = serializers.CharField(max_length=80)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    shows_tax_included = serializers.BooleanField(required=False)
    description = serializers.CharField(max_length=300, allow_blank=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class PriceGroupRetireSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


def _group(request: Request, ref: str) -> PriceGroup:
    rows = price_group_rows(operator_day(operator_of(request))).select_related("operator")
    group: PriceGroup = get_object_or_404(rows, public_id=ref)
    return group


class PriceGroupList(ListView):
    """All price groups; POST creates one."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = PriceGroupSerializer
    filterset_class = PriceGroupFilter

    def rows(self) -> QuerySet[PriceGroup]:
        """Price groups of the caller's operator."""
        return price_group_rows(operator_day(operator_of(self.request)))

    @extend_schema(request=PriceGroupWriteSerializer, responses={201: PriceGroupSerializer})
    def post(self, request: Request) -> Response:
        """Create a price group."""
        given = PriceGroupWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        group = services.create_price_group(operator=operator_of(request), **given.validated_data)
        return Response(PriceGroupSerializer(_group(request, group.public_id)).data, status=201)


class PriceGroupDetail(DetailView):
    """One price group; PATCH changes it."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.TARIFF_EDIT
    serializer_class = PriceGroupSerializer

    def get_object(self) -> PriceGroup:
        """The caller's own price group, or 404."""
        return _group(self.request, self.kwargs["ref"])

    @extend_schema(request=PriceGroupWriteSerializer, responses=PriceGroupSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a price group; what is not given stays."""
        group = self.get_object()
        given = PriceGroupWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_price_group(group=group, **given.validated_data)
        return Response(PriceGroupSerializer(group).data)


class PriceGroupRetire(ScopedView):
    """POST retires a price group."""

    write_permission = Permission.TARIFF_EDIT

    @extend_schema(request=PriceGroupRetireSerializer, responses=PriceGroupSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """No account can be put into it any more; 409 when it is so already."""
        group = _group(request, ref)
        given = PriceGroupRetireSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.retire_price_group(group=group, **given.validated_data)
        return Response(PriceGroupSerializer(_group(request, ref)).data)


urls = [
    address("price-groups", PriceGroupList, "price_groups"),
    address("price-groups/{ref}", PriceGroupDetail, "price_group"),
    address("price-groups/{ref}/retire", PriceGroupRetire, "price_group_retire"),
]
