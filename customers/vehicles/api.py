"""REST: vehicles."""

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

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.tenancy.today import operator_today
from customers.companies.models import Company
from customers.drivers import vehicle_services as services
from customers.drivers.models import Driver, Vehicle, VehicleUse
from customers.drivers.vehicle_selectors import vehicle_rows
from customers.vehicles.ending import end_vehicle
from customers.vehicles.filters import VehicleFilter


class VehicleSerializer(serializers.ModelSerializer[Vehicle]):
    """A vehicle. ``current_status``: active, not_yet or ended today; ``token_count``: cards that
    sit in it."""

    id = serializers.CharField(source="public_id")
    driver = serializers.CharField(source="driver.public_id", default=None, allow_null=True)
    company = serializers.CharField(source="company.public_id", default=None, allow_null=True)
    current_status = serializers.SerializerMethodField()
    token_count = serializers.IntegerField()

    class Meta:
        model = Vehicle
        fields = (
            "id", "registration_number", "driver", "company", "make", "model", "use",
            "cost_centre", "valid_from_on", "valid_until_on", "current_status", "token_count",
            "created_at", "updated_at",
        )  # fmt: skip

    def get_current_status(self, vehicle: Vehicle) -> str:
        """By the days of validity."""
        return vehicle.shown_status(operator_today())


class VehicleChangeSerializer(Input):
    """What may be written of a vehicle. ``driver``, ``company``: public ids, null for none."""

    registration_number = serializers.CharField(max_length=20, required=False)
    driver = serializers.CharField(max_length=24, allow_null=True, required=False)
    company = serializers.CharField(max_length=24, allow_null=True, required=False)
    make = serializers.CharField(max_length=40, allow_blank=True, required=False)
    model = serializers.CharField(max_length=60, allow_blank=True, required=False)
    use = serializers.ChoiceField(choices=VehicleUse.choices, allow_blank=True, required=False)
    cost_centre = serializers.CharField(max_length=40, allow_blank=True, required=False)
    valid_from_on = serializers.DateField(allow_null=True, required=False)
    valid_until_on = serializers.DateField(allow_null=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class VehicleWriteSerializer(VehicleChangeSerializer):
    """A new vehicle."""

    registration_number = serializers.CharField(max_length=20)


class VehicleEndSerializer(Input):
    """The last day; ``ends_tokens``: the cards in it are refused from the next day on."""

    last_on = serializers.DateField()
    ends_tokens = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


def _values(request: Request, given: VehicleChangeSerializer) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = {**given.validated_data}
    owners: dict[str, type[Driver | Company]] = {"driver": Driver, "company": Company}
    for name, model in owners.items():
        if values.get(name) is not None:
            values[name] = model.objects.filter(public_id=values[name]).first()
            if values[name] is None:
                kind = model._meta.verbose_name
                raise InvalidInput(
                    f"unknown_{name}",
                    _("There is no %(kind)s with this id.") % {"kind": kind},
                    field=name,
                )
    return values | {"names_holder": may(request, Permission.DRIVER_VIEW)}


def _shown(vehicle: Vehicle) -> dict[str, Any]:
    return VehicleSerializer(vehicle_rows().get(pk=vehicle.pk)).data


class VehicleList(ListView):
    """All vehicles; POST adds one."""

    read_permission = Permission.DRIVER_VIEW
    write_permission = Permission.DRIVER_EDIT
    serializer_class = VehicleSerializer
    filterset_class = VehicleFilter

    def rows(self) -> QuerySet[Vehicle]:
        """Vehicles of the caller's operator."""
        return vehicle_rows()

    @extend_schema(request=VehicleWriteSerializer, responses={201: VehicleSerializer})
    def post(self, request: Request) -> Response:
        """Add a vehicle; 422 for a number that another has."""
        values = _values(request, VehicleWriteSerializer(data=request.data))
        vehicle = services.create_vehicle(operator=operator_of(request), **values)
        return Response(_shown(vehicle), status=201)


class VehicleDetail(DetailView):
    """One vehicle; PATCH changes it."""

    read_permission = Permission.DRIVER_VIEW
    write_permission = Permission.DRIVER_EDIT
    serializer_class = VehicleSerializer

    def get_object(self) -> Vehicle:
        """The caller's own vehicle, or 404."""
        return get_object_or_404(vehicle_rows(), public_id=self.kwargs["ref"])

    @extend_schema(request=VehicleChangeSerializer, responses=VehicleSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a vehicle; what is not given stays."""
        vehicle = self.get_object()
        values = _values(request, VehicleChangeSerializer(data=request.data))
        return Response(_shown(services.change_vehicle(vehicle=vehicle, **values)))


class VehicleEnd(ScopedView):
    """POST gives the vehicle its last day."""

    write_permission = Permission.DRIVER_EDIT

    @extend_schema(request=VehicleEndSerializer, responses=VehicleSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """End it, and the cards that sit in it where the caller may change cards."""
        vehicle = get_object_or_404(vehicle_rows(), public_id=ref)
        given = VehicleEndSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data.get("ends_tokens") and not may(request, Permission.TOKEN_EDIT):
            raise PermissionDenied
        return Response(_shown(end_vehicle(vehicle=vehicle, **given.validated_data)))


urls = [
    address("vehicles", VehicleList, "vehicles"),
    address("vehicles/{ref}", VehicleDetail, "vehicle"),
    address("vehicles/{ref}/end", VehicleEnd, "vehicle_end"),
]
