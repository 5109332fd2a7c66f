"""REST for who looks after a company: its vehicles."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.inputs import Input
from core.api.views import ListView
from core.errors import InvalidInput
from core.lists.filters import ListFilterSet
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle, VehicleUse
from customers.drivers.vehicle_selectors import search_vehicles
from customers.drivers.vehicle_services import change_vehicle, create_vehicle
from customers.selfservice.api import my_address
from customers.selfservice.payroll_api import CompanyView
from customers.selfservice.vehicle_views import vehicles_of


class MyVehicleSerializer(serializers.ModelSerializer[Vehicle]):
    """A vehicle; ``driver`` null: a pool car. ``token_count``: cards that sit in it."""

    id = serializers.CharField(source="public_id")
    driver = serializers.CharField(source="driver.public_id", default=None, allow_null=True)
    token_count = serializers.IntegerField()

    class Meta:
        model = Vehicle
        fields = (
            "id", "registration_number", "driver", "make", "model", "use", "cost_centre",
            "valid_from_on", "valid_until_on", "token_count",
        )  # fmt: skip


class MyVehicleChangeSerializer(Input):
    """What may be written of a vehicle. ``driver``: a driver of the company, null for none."""

    registration_number = serializers.CharField(max_length=20, required=False)
    driver = serializers.CharField(max_length=24, allow_null=True, required=False)
    make = serializers.CharField(max_length=40, allow_blank=True, required=False)
    model = serializers.CharField(max_length=60, allow_blank=True, required=False)
    use = serializers.ChoiceField(choices=VehicleUse.choices, allow_blank=True, required=False)
    cost_centre = serializers.CharField(max_length=40, allow_blank=True, required=False)
    valid_from_on = serializers.DateField(allow_null=True, required=False)
    valid_until_on = serializers.DateField(allow_null=True, required=False)


class MyVehicleWriteSerializer(MyVehicleChangeSerializer):
    """A new vehicle."""

    registration_number = serializers.CharField(max_length=20)


class MyVehicleFilter(ListFilterSet):
    """By text."""

    class Meta:
        model = Vehicle
        fields: list[str] = []

    def search(self, queryset: QuerySet[Vehicle], _name: str, value: str) -> QuerySet[Vehicle]:
        """Number, make, model or driver."""
        return search_vehicles(queryset, value.replace("\x00", "").strip())


def _values(company: Company, given: dict[str, Any]) -> dict[str, Any]:
    values = dict(given)
    if values.get("driver"):
        found = Driver.objects.filter(company=company, public_id=values["driver"]).first()
        if found is None:
            raise InvalidInput("not_a_driver", _("Choose a driver of the company."), field="driver")
        values["driver"] = found
    elif "driver" in values:
        values["driver"] = None
    return values


class MyVehicles(CompanyView, ListView):
    """The company's vehicles and those of its drivers; POST adds one."""

    serializer_class = MyVehicleSerializer
    filterset_class = MyVehicleFilter

    def rows(self) -> QuerySet[Vehicle]:
        """By number."""
        return vehicles_of(self.company)

    @extend_schema(request=MyVehicleWriteSerializer, responses={201: MyVehicleSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """A new one of the company."""
        company = self.company
        values = _values(company, self.given(MyVehicleWriteSerializer))
        made = create_vehicle(operator=self.customer.operator, company=company, **values)
        row = vehicles_of(company).get(pk=made.pk)
        return Response(MyVehicleSerializer(row).data, status=201)


class MyVehicle(CompanyView):
    """One of them; PATCH changes it."""

    @extend_schema(request=MyVehicleChangeSerializer, responses=MyVehicleSerializer)
    def patch(self, request: Request, slug: str, ref: str) -> Response:
        """What is given; sessions keep what they began with."""
        company = self.company
        vehicle = get_object_or_404(vehicles_of(company), public_id=ref)
        change_vehicle(vehicle=vehicle, **_values(company, self.given(MyVehicleChangeSerializer)))
        row = vehicles_of(company).filter(pk=vehicle.pk).first()
        if row is None:
            raise Http404
        return Response(MyVehicleSerializer(row).data)


urls = [
    my_address("/vehicles", MyVehicles, "vehicles"),
    my_address("/vehicles/{ref}", MyVehicle, "vehicle"),
]
