"""REST: companies."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from customers.companies import services
from customers.companies.filters import CompanyFilter
from customers.companies.models import Company, CompanyStatus
from customers.companies.selectors import companies
from customers.limits.api import (
    LIMIT_NAMES,
    LimitsReadSerializer,
    LimitsWriteSerializer,
    with_sites,
)

_OWN = (
    "name",
    "country_code",
    "organisation_number",
    "contact_name",
    "contact_email",
    "contact_phone",
)


class CompanySerializer(LimitsReadSerializer, serializers.ModelSerializer[Company]):
    """A company as it is."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Company
        fields = (
            "id",
            *_OWN,
            "status",
            "status_reason",
            *LIMIT_NAMES,
            "created_at",
            "updated_at",
        )


class CompanyWriteSerializer(LimitsWriteSerializer, serializers.ModelSerializer[Company]):
    """What may be written of a company."""

    class Meta:
        model = Company
        fields = (*_OWN, *LIMIT_NAMES, "reason")

    def get_validators(self) -> list[Any]:
        """The service checks what must be unique, inside the operator."""
        return []


class CompanyStatusSerializer(Input):
    """A new status and why."""

    status = serializers.ChoiceField(choices=CompanyStatus.choices)
    reason = serializers.CharField(max_length=500)


class CompanyList(ListView):
    """All companies; POST creates one."""

    read_permission = Permission.DRIVER_VIEW
    write_permission = Permission.DRIVER_EDIT
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter

    def rows(self) -> QuerySet[Company]:
        """Companies of the caller's operator."""
        return companies()

    @extend_schema(request=CompanyWriteSerializer, responses={201: CompanySerializer})
    def post(self, request: Request) -> Response:
        """Create a company."""
        given = CompanyWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        company = services.create_company(
            operator=operator_of(request), **with_sites({**given.validated_data})
        )
        return Response(CompanySerializer(company).data, status=201)


class CompanyDetail(DetailView):
    """One company; PATCH changes it."""

    read_permission = Permission.DRIVER_VIEW
    write_permission = Permission.DRIVER_EDIT
    serializer_class = CompanySerializer

    def get_object(self) -> Company:
        """The caller's own company, or 404."""
        return get_object_or_404(companies(), public_id=self.kwargs["ref"])

    @extend_schema(request=CompanyWriteSerializer, responses=CompanySerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a company; what is not given stays."""
        company = self.get_object()
        given = CompanyWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_company(company=company, **with_sites({**given.validated_data}))
        return Response(CompanySerializer(company).data)


class CompanyStatusChange(ScopedView):
    """POST blocks or activates a company."""

    write_permission = Permission.DRIVER_EDIT

    @extend_schema(request=CompanyStatusSerializer, responses=CompanySerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Set the status, effective at the next authorisation; 409 when it is so already."""
        company = get_object_or_404(companies(), public_id=ref)
        given = CompanyStatusSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.set_company_status(company=company, **given.validated_data)
        return Response(CompanySerializer(company).data)


urls = [
    address("companies", CompanyList, "companies"),
    address("companies/{ref}", CompanyDetail, "company"),
    address("companies/{ref}/status", CompanyStatusChange, "company_status"),
]
