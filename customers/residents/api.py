"""REST: residents and bays."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.selectors import account_named
from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.tenancy.today import operator_today
from customers.drivers.models import Driver
from customers.residents import moving, services
from customers.residents.filters import BayFilter, ResidentFilter
from customers.residents.last_month import with_last_month
from customers.residents.models import LONGEST_NAME, Bay, Resident
from customers.residents.selectors import bay_rows, residents
from customers.residents.stay import Status, status_on
from stations.hardware.models import Evse
from stations.sites.models import Site


class ResidentSerializer(serializers.ModelSerializer[Resident]):
    """A resident; ``current_status``: living, coming or gone today. ``driver``: whose cards are
    the resident's; ``account``: who pays where residents are invoiced. ``last_month_gross``: prices
    with VAT of their sessions of last month, null in answers to changes."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    bay = serializers.CharField(source="bay.name", default=None, allow_null=True)
    bay_id = serializers.CharField(source="bay.public_id", default=None, allow_null=True)
    driver = serializers.CharField(source="driver.public_id", default=None, allow_null=True)
    account = serializers.CharField(source="account.public_id", default=None, allow_null=True)
    current_status = serializers.SerializerMethodField()
    last_month_gross = serializers.DecimalField(
        source="month_gross", max_digits=16, decimal_places=4, default=None, allow_null=True
    )
    last_month_currency = serializers.CharField(
        source="month_currency", default=None, allow_null=True
    )
    final_runs = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Resident
        fields = (
            "id", "site", "object_number", "apartment", "bay", "bay_id", "waits_since_on", "name",
            "email", "phone", "driver", "account", "note", "valid_from_on", "valid_until_on",
            "current_status", "final_bill", "final_runs", "last_month_gross",
            "last_month_currency", "created_at", "updated_at",
        )  # fmt: skip

    def get_current_status(self, resident: Resident) -> Status:
        """By the days of moving in and out."""
        today = operator_today()
        return status_on(today, resident.valid_from_on, resident.valid_until_on)


class ResidentChangeSerializer(Input):
    """What may be written of a resident. ``bay``: its name, a new one is added to the site;
    empty: none. ``tokens``: numbers of cards to hand over."""

    object_number = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, required=False)
    apartment = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, required=False)
    bay = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, required=False)
    waits_since_on = serializers.DateField(allow_null=True, required=False)
    name = serializers.CharField(max_length=120, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    driver = serializers.CharField(max_length=24, allow_null=True, required=False)
    account = serializers.CharField(max_length=24, allow_null=True, required=False)
    tokens = serializers.ListField(
        child=serializers.CharField(max_length=36), max_length=20, required=False
    )
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)
    valid_from_on = serializers.DateField(allow_null=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ResidentWriteSerializer(ResidentChangeSerializer):
    """A new resident. ``site``: its public id."""

    site = serializers.CharField(max_length=24)
    name = serializers.CharField(max_length=120)


class MoveOutSerializer(Input):
    """The last day; ``ends_tokens``: the cards are refused from the next day on."""

    last_on = serializers.DateField()
    ends_tokens = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class BaySerializer(serializers.ModelSerializer[Bay]):
    """A bay; ``resident`` is who has it today."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    evse = serializers.CharField(source="evse.public_id", default=None, allow_null=True)
    resident = serializers.CharField(source="resident_ref", allow_null=True)
    resident_name = serializers.CharField(allow_null=True)

    class Meta:
        model = Bay
        fields = ("id", "site", "name", "evse", "note", "resident", "resident_name", "created_at")


class BayChangeSerializer(Input):
    """What may be written of a bay. ``evse``: its public id."""

    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    evse = serializers.CharField(max_length=64, allow_null=True, required=False)
    note = serializers.CharField(max_length=300, allow_blank=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class BayWriteSerializer(BayChangeSerializer):
    """A new bay. ``site``: its public id."""

    site = serializers.CharField(max_length=24)
    name = serializers.CharField(max_length=LONGEST_NAME)


def _site(ref: str) -> Site:
    found: Site | None = Site.objects.select_related("operator").filter(public_id=ref).first()
    if found is None:
        raise InvalidInput("site", _("There is no site with this id."), field="site")
    return found


def _resident_values(request: Request, given: Input) -> dict[str, Any]:
    values: dict[str, Any] = {**given.validated_data}
    if values.get("driver") is not None:
        driver = Driver.objects.filter(public_id=values["driver"]).first()
        if driver is None:
            raise InvalidInput("driver", _("There is no driver with this id."), field="driver")
        values["driver"] = driver
    if "account" in values:
        if not may(request, Permission.ACCOUNT_EDIT):
            raise PermissionDenied(_("You may not say who pays."))
        if values["account"] is not None:
            values["account"] = account_named(values["account"])
    return values


def _bay_values(given: Input) -> dict[str, Any]:
    values: dict[str, Any] = {**given.validated_data}
    if values.get("evse") is not None:
        evse = Evse.objects.select_related("station").filter(public_id=values["evse"]).first()
        if evse is None:
            raise InvalidInput("evse", _("There is no EVSE with this id."), field="evse")
        values["evse"] = evse
    return values


class ResidentList(ListView):
    """All residents; POST lets one move in."""

    read_permission = Permission.RESIDENT_VIEW
    write_permission = Permission.RESIDENT_EDIT
    serializer_class = ResidentSerializer
    filterset_class = ResidentFilter

    def rows(self) -> QuerySet[Resident]:
        """Residents of the caller's operator and sites."""
        return with_last_month(residents(), operator_today())

    @extend_schema(request=ResidentWriteSerializer, responses={201: ResidentSerializer})
    def post(self, request: Request) -> Response:
        """Let a resident move in; 409 for a bay that is taken."""
        given = ResidentWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = _resident_values(request, given)
        resident = services.create_resident(site=_site(values.pop("site")), **values)
        return Response(ResidentSerializer(resident).data, status=201)


class ResidentDetail(DetailView):
    """One resident; PATCH changes them."""

    read_permission = Permission.RESIDENT_VIEW
    write_permission = Permission.RESIDENT_EDIT
    serializer_class = ResidentSerializer

    def get_object(self) -> Resident:
        """A resident of the caller's operator and sites, or 404."""
        return get_object_or_404(
            with_last_month(residents(), operator_today()).select_related("site__operator"),
            public_id=self.kwargs["ref"],
        )

    @extend_schema(request=ResidentChangeSerializer, responses=ResidentSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays; moving out has an address of its own."""
        resident = self.get_object()
        given = ResidentChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_resident(resident=resident, **_resident_values(request, given))
        return Response(ResidentSerializer(resident).data)


class ResidentMoveOut(ScopedView):
    """POST says when a resident moves out."""

    write_permission = Permission.RESIDENT_EDIT

    @extend_schema(request=MoveOutSerializer, responses=ResidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Fees end that day and the final bill is made after it; 409 once it was made."""
        resident: Resident = get_object_or_404(residents(), public_id=ref)
        given = MoveOutSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = moving.move_out(resident=resident, **given.validated_data)
        return Response(ResidentSerializer(row).data)


class ResidentStay(ScopedView):
    """POST takes moving out back."""

    write_permission = Permission.RESIDENT_EDIT

    @extend_schema(request=ReasonSerializer, responses=ResidentSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for who stays anyway, and once the final bill was made."""
        resident: Resident = get_object_or_404(residents(), public_id=ref)
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = moving.stay(resident=resident, **given.validated_data)
        return Response(ResidentSerializer(row).data)


class BayList(ListView):
    """All bays; POST adds one."""

    read_permission = Permission.RESIDENT_VIEW
    write_permission = Permission.RESIDENT_EDIT
    serializer_class = BaySerializer
    filterset_class = BayFilter

    def rows(self) -> QuerySet[Bay]:
        """Bays of the caller's operator and sites."""
        return bay_rows(operator_today())

    @extend_schema(request=BayWriteSerializer, responses={201: BaySerializer})
    def post(self, request: Request) -> Response:
        """Add a bay; 409 for a name or EVSE that another has."""
        given = BayWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = _bay_values(given)
        bay = services.create_bay(site=_site(values.pop("site")), **values)
        return Response(BaySerializer(self.rows().get(pk=bay.pk)).data, status=201)


class BayDetail(DetailView):
    """One bay; PATCH changes it, DELETE removes one that was never used."""

    read_permission = Permission.RESIDENT_VIEW
    write_permission = Permission.RESIDENT_EDIT
    serializer_class = BaySerializer

    def get_object(self) -> Bay:
        """A bay of the caller's operator and sites, or 404."""
        return get_object_or_404(bay_rows(operator_today()), public_id=self.kwargs["ref"])

    @extend_schema(request=BayChangeSerializer, responses=BaySerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays."""
        bay = self.get_object()
        given = BayChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_bay(bay=bay, **_bay_values(given))
        return Response(BaySerializer(self.get_object()).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """409 for a bay that somebody has or had."""
        services.delete_bay(bay=self.get_object())
        return Response(status=204)


urls = [
    address("residents", ResidentList, "residents"),
    address("residents/{ref}", ResidentDetail, "resident"),
    address("residents/{ref}/move-out", ResidentMoveOut, "resident_move_out"),
    address("residents/{ref}/stay", ResidentStay, "resident_stay"),
    address("bays", BayList, "bays"),
    address("bays/{ref}", BayDetail, "bay"),
]
