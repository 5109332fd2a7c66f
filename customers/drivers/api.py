"""REST: drivers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
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
from customers.drivers import services
from customers.drivers.filters import DriverFilter
from customers.drivers.models import Driver, DriverAccount, DriverStatus
from customers.drivers.selectors import drivers
from customers.limits.api import (
    LIMIT_NAMES,
    LimitsReadSerializer,
    LimitsWriteSerializer,
    UseSerializer,
    use_data,
    with_sites,
)
from customers.payers.api import (
    AccountLinkSerializer,
    AccountLinkWriteSerializer,
    first_payer,
    links_data,
    payer_values,
)

_OWN = (
    "name",
    "email",
    "phone",
    "employee_number",
    "cost_centre",
    "language",
    "valid_from_on",
    "valid_until_on",
)


class DriverSerializer(LimitsReadSerializer, serializers.ModelSerializer[Driver]):
    """A driver. ``current_status``: active, blocked, not_yet or ended today."""

    id = serializers.CharField(source="public_id")
    company = serializers.CharField(source="company.public_id", default=None, allow_null=True)
    current_status = serializers.SerializerMethodField()
    vehicles = serializers.SerializerMethodField()

    class Meta:
        model = Driver
        fields = (
            "id",
            *_OWN,
            "phone_normalised",
            "company",
            "vehicles",
            "status",
            "status_reason",
            "current_status",
            *LIMIT_NAMES,
            "created_at",
            "updated_at",
        )

    def get_current_status(self, driver: Driver) -> str:
        """The days of validity included."""
        return driver.shown_status(operator_today())

    def get_vehicles(self, driver: Driver) -> list[str]:
        """Registration numbers."""
        return [vehicle.registration_number for vehicle in driver.vehicles.all()]


class DriverWriteSerializer(LimitsWriteSerializer, serializers.ModelSerializer[Driver]):
    """What may be written of a driver. ``company``: its public id, null for none."""

    company = serializers.CharField(max_length=24, required=False, allow_null=True)
    vehicles = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=50
    )

    class Meta:
        model = Driver
        fields: tuple[str, ...] = (*_OWN, "company", "vehicles", *LIMIT_NAMES, "reason")

    def get_validators(self) -> list[Any]:
        """The service checks what must be unique, inside the operator."""
        return []


class DriverCreateSerializer(DriverWriteSerializer):
    """What may be written of a new driver. ``account``: the public id of who pays."""

    account = serializers.CharField(max_length=24, required=False)

    class Meta(DriverWriteSerializer.Meta):
        fields = (*DriverWriteSerializer.Meta.fields, "account")


class DriverStatusSerializer(Input):
    """A new status and why."""

    status = serializers.ChoiceField(choices=DriverStatus.choices)
    reason = serializers.CharField(max_length=500)


def _values(given: DriverWriteSerializer) -> dict[str, Any]:
    values = with_sites({**given.validated_data})
    if values.get("company") is not None:
        company = Company.objects.filter(public_id=values["company"]).first()
        if company is None:
            raise InvalidInput("unknown_company", _("There is no such company."), field="company")
        values["company"] = company
    return values


class DriverList(ListView):
    """All drivers; POST creates one."""

    read_permission = Permission.DRIVER_VIEW
    write_permission = Permission.DRIVER_EDIT
    serializer_class = DriverSerializer
    filterset_class = DriverFilter

    def rows(self) -> QuerySet[Driver]:
        """Drivers of the caller's operator."""
        return drivers()

    @extend_schema(request=DriverCreateSerializer, responses={201: DriverSerializer})
    def post(self, request: Request) -> Response:
        """Create a driver."""
        given = DriverCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        driver = services.create_driver(
            operator=operator_of(request),
            names_holder=may(request, Permission.DRIVER_VIEW),
            **first_payer(request, _values(given)),
        )
        return Response(DriverSerializer(driver).data, status=201)


class DriverDetail(DetailView):
    """One driver; PATCH changes them."""

    read_permission = Permission.DRIVER_VIEW
    write_permission = Permission.DRIVER_EDIT
    serializer_class = DriverSerializer

    def get_object(self) -> Driver:
        """The caller's own driver, or 404."""
        return get_object_or_404(drivers(), public_id=self.kwargs["ref"])

    @extend_schema(request=DriverWriteSerializer, responses=DriverSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a driver; what is not given stays."""
        driver = self.get_object()
        given = DriverWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_driver(
            driver=driver, names_holder=may(request, Permission.DRIVER_VIEW), **_values(given)
        )
        return Response(DriverSerializer(self.get_object()).data)


class DriverStatusChange(ScopedView):
    """POST blocks or activates a driver."""

    write_permission = Permission.DRIVER_EDIT

    @extend_schema(request=DriverStatusSerializer, responses=DriverSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Set the status, effective at the next authorisation; 409 when it is so already."""
        driver = get_object_or_404(drivers(), public_id=ref)
        given = DriverStatusSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.set_driver_status(driver=driver, **given.validated_data)
        return Response(DriverSerializer(driver).data)


class DriverAccounts(ScopedView):
    """Who pays for the driver over time; POST sets another account from a day on."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.ACCOUNT_EDIT

    @extend_schema(responses=AccountLinkSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """All of them, the latest first."""
        driver = get_object_or_404(drivers(), public_id=ref)
        return Response(links_data(DriverAccount, driver))

    @extend_schema(
        request=AccountLinkWriteSerializer, responses={201: AccountLinkSerializer(many=True)}
    )
    def post(self, request: Request, ref: str) -> Response:
        """From that day on until further notice; what was planned for later is taken out."""
        driver = get_object_or_404(drivers(), public_id=ref)
        services.set_driver_account(driver=driver, **payer_values(request.data))
        return Response(links_data(DriverAccount, driver), status=201)


class DriverUse(ScopedView):
    """What the driver has used this month."""

    read_permission = Permission.DRIVER_VIEW

    @extend_schema(responses=UseSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Since the month began in the operator's zone; one query."""
        driver: Driver = get_object_or_404(drivers(), public_id=ref)
        return Response(use_data(request, driver, "driver", driver.public_id))


urls = [
    address("drivers", DriverList, "drivers"),
    address("drivers/{ref}", DriverDetail, "driver"),
    address("drivers/{ref}/use", DriverUse, "driver_use"),
    address("drivers/{ref}/accounts", DriverAccounts, "driver_accounts"),
    address("drivers/{ref}/status", DriverStatusChange, "driver_status"),
]
