"""REST: sellers and their number series."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.dated import operator_day
from billing.accounts.models import LONGEST_TERMS_DAYS
from billing.sellers import services
from billing.sellers.lists import SellerFilter
from billing.sellers.models import MOST_INTEREST_PERCENT, Purpose, Seller
from billing.sellers.selectors import seller_rows, series_of
from billing.sellers.series_services import set_series
from billing.sellers.values import SELLER_FIELDS
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


class SellerSerializer(serializers.ModelSerializer[Seller]):
    """A seller; ``site_count``: sites where a contract without an end names it."""

    id = serializers.CharField(source="public_id")
    site_count = serializers.IntegerField()

    class Meta:
        model = Seller
        fields = (
            "id",
            *SELLER_FIELDS,
            "is_default",
            "site_count",
            "retired_on",
            "created_at",
            "updated_at",
        )


class SellerChangeSerializer(Input):
    """What may be written of a seller; the service checks numbers and addresses."""

    name = serializers.CharField(max_length=200, required=False)
    is_host = serializers.BooleanField(required=False)
    organisation_number = serializers.CharField(max_length=32, allow_blank=True, required=False)
    vat_number = serializers.CharField(max_length=32, allow_blank=True, required=False)
    is_vat_registered = serializers.BooleanField(required=False)
    has_f_tax = serializers.BooleanField(required=False)
    registered_office = serializers.CharField(max_length=100, allow_blank=True, required=False)
    address = serializers.CharField(max_length=200, allow_blank=True, required=False)
    postal_code = serializers.CharField(max_length=16, allow_blank=True, required=False)
    city = serializers.CharField(max_length=100, allow_blank=True, required=False)
    country_code = serializers.CharField(max_length=2, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    website = serializers.CharField(max_length=200, allow_blank=True, required=False)
    bankgiro = serializers.CharField(max_length=16, allow_blank=True, required=False)
    plusgiro = serializers.CharField(max_length=16, allow_blank=True, required=False)
    iban = serializers.CharField(max_length=42, allow_blank=True, required=False)
    bic = serializers.CharField(max_length=11, allow_blank=True, required=False)
    swish = serializers.CharField(max_length=16, allow_blank=True, required=False)
    peppol_address = serializers.CharField(max_length=60, allow_blank=True, required=False)
    colour = serializers.CharField(max_length=7, allow_blank=True, required=False)
    terms_days = serializers.IntegerField(min_value=0, max_value=LONGEST_TERMS_DAYS, required=False)
    late_interest_percent = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=MOST_INTEREST_PERCENT,
        allow_null=True,
        required=False,
    )
    fee_by_terms = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class SellerWriteSerializer(SellerChangeSerializer):
    """A new seller."""

    name = serializers.CharField(max_length=200)


class SellerReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


class SeriesSerializer(serializers.Serializer[Any]):
    """A number series; ``next_number``: what a document issued today would get."""

    purpose = serializers.ChoiceField(source="series.purpose", choices=Purpose.choices)
    code = serializers.CharField(source="series.code")
    pattern = serializers.CharField(source="series.pattern")
    is_active = serializers.BooleanField(source="series.is_active")
    next_number = serializers.CharField()


class SeriesWriteSerializer(Input):
    """Another active series for a kind of document."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    code = serializers.CharField(max_length=8, allow_blank=True, required=False)
    pattern = serializers.CharField(max_length=60)
    last_number = serializers.IntegerField(min_value=0, max_value=99_999_999, required=False)
    year = serializers.IntegerField(min_value=2000, max_value=2100, allow_null=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


def _seller(ref: str) -> Seller:
    seller: Seller = get_object_or_404(seller_rows().select_related("operator"), public_id=ref)
    return seller


class SellerList(ListView):
    """All sellers; POST adds one with the usual number series."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.SELLER_EDIT
    serializer_class = SellerSerializer
    filterset_class = SellerFilter

    def rows(self) -> QuerySet[Seller]:
        """Sellers of the caller's operator."""
        return seller_rows()

    @extend_schema(request=SellerWriteSerializer, responses={201: SellerSerializer})
    def post(self, request: Request) -> Response:
        """Add a seller; the operator's first own one is its default."""
        given = SellerWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.create_seller(operator=operator_of(request), **given.validated_data)
        return Response(SellerSerializer(_seller(made.public_id)).data, status=201)


class SellerDetail(DetailView):
    """One seller; PATCH changes it. Issued invoices keep what they said."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.SELLER_EDIT
    serializer_class = SellerSerializer

    def get_object(self) -> Seller:
        """The caller's own seller, or 404."""
        return _seller(self.kwargs["ref"])

    @extend_schema(request=SellerChangeSerializer, responses=SellerSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a seller; what is not given stays."""
        seller = self.get_object()
        given = SellerChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_seller(seller=seller, **given.validated_data)
        return Response(SellerSerializer(_seller(ref)).data)


class SellerAction(ScopedView):
    """POST does something with a seller; a reason is needed."""

    write_permission = Permission.SELLER_EDIT

    def act(self, seller: Seller, reason: str) -> None:
        """What is done."""
        raise NotImplementedError

    @extend_schema(request=SellerReasonSerializer, responses=SellerSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 when it cannot be done."""
        seller = _seller(ref)
        given = SellerReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        self.act(seller, given.validated_data["reason"])
        return Response(SellerSerializer(_seller(ref)).data)


class SellerDefault(SellerAction):
    """POST makes it the default seller."""

    def act(self, seller: Seller, reason: str) -> None:
        """It sells where no site contract says otherwise."""
        services.make_default(seller=seller, reason=reason)


class SellerRetire(SellerAction):
    """POST takes a seller out of use."""

    def act(self, seller: Seller, reason: str) -> None:
        """Of today in the operator's zone."""
        services.retire_seller(seller=seller, on=operator_day(seller.operator), reason=reason)


class SellerSeries(ScopedView):
    """The number series of a seller; POST sets the active one for a kind of document."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.SELLER_EDIT

    @extend_schema(responses=SeriesSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """The active series first."""
        return self._shown(_seller(ref))

    @extend_schema(request=SeriesWriteSerializer, responses=SeriesSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """409 for a series that could write the numbers of another one."""
        seller = _seller(ref)
        given = SeriesWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        set_series(seller=seller, purpose=Purpose(values.pop("purpose")), **values)
        return self._shown(seller)

    def _shown(self, seller: Seller) -> Response:
        rows = series_of(seller, operator_day(seller.operator))
        return Response(SeriesSerializer(rows, many=True).data)


urls = [
    address("sellers", SellerList, "sellers"),
    address("sellers/{ref}", SellerDetail, "seller"),
    address("sellers/{ref}/default", SellerDefault, "seller_default"),
    address("sellers/{ref}/retire", SellerRetire, "seller_retire"),
    address("sellers/{ref}/series", SellerSeries, "seller_series"),
]
