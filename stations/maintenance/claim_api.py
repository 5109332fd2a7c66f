"""REST: warranties of stations and warranty claims."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.lists.export import csv_response
from core.tenancy.today import operator_today
from stations.hardware.models import Station
from stations.hardware.selectors import find_station
from stations.incidents.selectors import incidents
from stations.maintenance import claims, selectors, warranties
from stations.maintenance.claim_file import claim_rows
from stations.maintenance.claim_lists import ClaimFilter, WarrantyFilter
from stations.maintenance.models import WorkOrder
from stations.maintenance.warranty_models import ClaimState, StationWarranty, WarrantyClaim
from stations.maintenance.work_models import PartUsed


class WarrantySerializer(serializers.ModelSerializer[StationWarranty]):
    """Who supplied a station, and until when they answer for it."""

    station = serializers.CharField(source="station.public_id")
    supplier = serializers.CharField(source="supplier.public_id", allow_null=True, default=None)
    is_under_warranty = serializers.SerializerMethodField()

    class Meta:
        model = StationWarranty
        fields = (
            "station", "supplier", "bought_on", "ends_on", "is_under_warranty", "reference", "note",
        )  # fmt: skip

    def get_is_under_warranty(self, warranty: StationWarranty) -> bool:
        """Today."""
        return warranties.holds(warranty, operator_today())


class WarrantyWriteSerializer(Input):
    """What may be written; ``supplier``: public id of a partner that supplies, null for none."""

    supplier = serializers.CharField(max_length=24, required=False, allow_null=True)
    bought_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class WarrantyClaimPartSerializer(serializers.ModelSerializer[PartUsed]):
    """A part of one of the claim's work orders."""

    order = serializers.CharField(source="order.public_id")

    class Meta:
        model = PartUsed
        fields = (
            "order", "name", "article", "quantity", "serial_out", "serial_in", "is_warranty",
        )  # fmt: skip


class WarrantyClaimSerializer(serializers.ModelSerializer[WarrantyClaim]):
    """A claim with its work orders."""

    id = serializers.CharField(source="public_id")
    supplier = serializers.CharField(source="supplier.public_id")
    station = serializers.CharField(source="station.public_id")
    incident = serializers.CharField(source="incident.public_id", allow_null=True, default=None)
    orders = serializers.SerializerMethodField()

    class Meta:
        model = WarrantyClaim
        fields = (
            "id", "number", "state", "supplier", "station", "incident", "orders", "vendor",
            "model", "serial_number", "firmware_version", "failed_on", "warranty_ends_on",
            "fault_codes", "description", "reference", "claimed_amount", "recovered_amount",
            "currency", "answer", "made_at", "made_by", "sent_at", "decided_at", "settled_at",
        )  # fmt: skip

    def get_orders(self, claim: WarrantyClaim) -> list[str]:
        """Public ids of the work orders."""
        return [link.order.public_id for link in claim.order_links.all()]


class WarrantyClaimDetailSerializer(WarrantyClaimSerializer):
    """A claim with its work orders and their parts."""

    parts = serializers.SerializerMethodField()

    class Meta(WarrantyClaimSerializer.Meta):
        fields = (*WarrantyClaimSerializer.Meta.fields, "parts")  # type: ignore[assignment]  # a longer tuple

    def get_parts(self, claim: WarrantyClaim) -> list[dict[str, Any]]:
        """What was put in."""
        return [dict(WarrantyClaimPartSerializer(one).data) for one in claims.parts_of(claim)]


class WarrantyClaimChangeSerializer(Input):
    """What may be written of a claim; ``orders``: public ids of work orders of its station."""

    orders = serializers.ListField(
        child=serializers.CharField(max_length=24), required=False, max_length=50
    )
    serial_number = serializers.CharField(max_length=64, required=False, allow_blank=True)
    fault_codes = serializers.CharField(max_length=200, required=False, allow_blank=True)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    claimed_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)


class WarrantyClaimWriteSerializer(WarrantyClaimChangeSerializer):
    """A claim to make."""

    station = serializers.CharField(max_length=64)
    incident = serializers.CharField(max_length=24, required=False)


class WarrantyClaimStepSerializer(Input):
    """The next step; the answer is needed to refuse, the money recovered to settle."""

    state = serializers.ChoiceField(choices=ClaimState.choices)
    answer = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    recovered_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )


def _station(ref: str) -> Station:
    station = find_station(ref)
    if station is None:
        raise Http404
    return station


def _claim(ref: str) -> WarrantyClaim:
    claim: WarrantyClaim = get_object_or_404(claims.claims(), public_id=ref)
    return claim


def _orders(refs: list[str]) -> list[WorkOrder]:
    rows = list(selectors.orders().filter(public_id__in=refs))
    if len(rows) != len(set(refs)):
        raise InvalidInput("order", _("There is no such work order."), field="orders")
    return rows


def _given(kind: type[Input], request: Request, **options: Any) -> dict[str, Any]:
    given = kind(data=request.data, **options)
    given.is_valid(raise_exception=True)
    values = dict(given.validated_data)
    if "orders" in values:
        values["orders"] = _orders(values["orders"])
    return values


class WarrantyList(ListView):
    """Warranties that are known, those that end first on top."""

    read_permission = Permission.ORDER_VIEW
    serializer_class = WarrantySerializer
    filterset_class = WarrantyFilter

    def rows(self) -> QuerySet[StationWarranty]:
        """Of the stations that the caller may see."""
        return warranties.warranties()


class StationWarrantyView(DetailView):
    """The warranty of one station; PATCH writes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = WarrantySerializer

    def get_object(self) -> StationWarranty:
        """What is known; 404 for a station of which nothing is."""
        return get_object_or_404(warranties.warranties(), station=_station(self.kwargs["ref"]))

    @extend_schema(request=WarrantyWriteSerializer, responses=WarrantySerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Say who supplied it and until when they answer for it."""
        station = _station(ref)
        values = _given(WarrantyWriteSerializer, request, partial=True)
        if named := values.get("supplier"):
            values["supplier"] = warranties.suppliers().filter(public_id=named).first()
            if values["supplier"] is None:
                raise InvalidInput("supplier", _("There is no such supplier."), field="supplier")
        saved = warranties.save_warranty(station=station, **values)
        return Response(WarrantySerializer(saved).data)


class ClaimList(ListView):
    """Claims, the latest first; POST makes one."""

    read_permission = Permission.ORDER_VIEW
    write_permission = Permission.ORDER_EDIT
    serializer_class = WarrantyClaimSerializer
    filterset_class = ClaimFilter

    def rows(self) -> QuerySet[WarrantyClaim]:
        """Of the stations that the caller may see."""
        return claims.claims()

    @extend_schema(
        request=WarrantyClaimWriteSerializer, responses={201: WarrantyClaimDetailSerializer}
    )
    def post(self, request: Request) -> Response:
        """Make the draft of a claim; 409 where the supplier does not answer for it."""
        values = _given(WarrantyClaimWriteSerializer, request)
        station = find_station(values.pop("station"))
        if station is None:
            raise InvalidInput("station", _("There is no such station."), field="station")
        named = values.pop("incident", "")
        incident = incidents().filter(public_id=named).first() if named else None
        if named and incident is None:
            raise InvalidInput(
                "incident", _("There is no incident with this id."), field="incident"
            )
        made = claims.make_claim(station=station, incident=incident, **values)
        return Response(WarrantyClaimDetailSerializer(made).data, status=201)


class ClaimDetail(DetailView):
    """One claim; PATCH changes it, DELETE removes a draft."""

    read_permission = Permission.ORDER_VIEW
    write_permission = Permission.ORDER_EDIT
    serializer_class = WarrantyClaimDetailSerializer

    def get_object(self) -> WarrantyClaim:
        """The caller's own, or 404."""
        return _claim(self.kwargs["ref"])

    @extend_schema(request=WarrantyClaimChangeSerializer, responses=WarrantyClaimDetailSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change it; 409 for what has been sent."""
        claim = _claim(ref)
        values = _given(WarrantyClaimChangeSerializer, request, partial=True)
        claims.change_claim(claim=claim, **values)
        return Response(WarrantyClaimDetailSerializer(_claim(ref)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Delete a draft; 409 for what was sent."""
        claims.delete_claim(claim=_claim(ref))
        return Response(status=204)


class ClaimStep(ScopedView):
    """POST takes the next step."""

    write_permission = Permission.ORDER_EDIT

    @extend_schema(request=WarrantyClaimStepSerializer, responses=WarrantyClaimDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Sent, accepted, refused or settled; 409 for a step that may not follow."""
        claim = _claim(ref)
        claims.step_claim(claim=claim, **_given(WarrantyClaimStepSerializer, request))
        return Response(WarrantyClaimDetailSerializer(_claim(ref)).data)


class ClaimFile(ScopedView):
    """The claim as CSV, for the supplier."""

    read_permission = Permission.ORDER_VIEW

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """Facts, work orders and parts, one line each."""
        claim = _claim(ref)
        header, rows = claim_rows(claim)
        return csv_response(f"claim-{claim.number}", header, rows)


urls = [
    address("warranties", WarrantyList, "warranties"),
    address("stations/{ref}/warranty", StationWarrantyView, "station_warranty"),
    address("warranty-claims", ClaimList, "warranty_claims"),
    address("warranty-claims/{ref}", ClaimDetail, "warranty_claim"),
    address("warranty-claims/{ref}/step", ClaimStep, "warranty_claim_step"),
    address("warranty-claims/{ref}/file", ClaimFile, "warranty_claim_file"),
]
