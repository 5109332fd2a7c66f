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
from customers.companies.models import Company, CompanyAccount, CompanyStatus
from customers.companies.selectors import companies
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
        fields: tuple[str, ...] = (*_OWN, *LIMIT_NAMES, "reason")

    def get_validators(self) -> list[Any]:
        """The service checks what must be unique, inside the operator."""
        return []


class CompanyCreateSerializer(CompanyWriteSerializer):
    """What may be written of a new company. ``account``: the public id of who pays."""

    account = serializers.CharField(max_length=24, required=False)

    class Meta(CompanyWriteSerializer.Meta):
        fields = (*CompanyWriteSerializer.Meta.fields, "account")


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

    @extend_schema(request=CompanyCreateSerializer, responses={201: CompanySerializer})
    def post(self, request: Request) -> Response:
        """Create a company."""
        given = CompanyCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        company = services.create_company(
            operator=operator_of(request),
            **first_payer(request, with_sites({**given.validated_data})),
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


class CompanyAccounts(ScopedView):
    """Who pays for the company over time; POST sets another account from a day on."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.ACCOUNT_EDIT

    @extend_schema(responses=AccountLinkSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """All of them, the latest first."""
        company = get_object_or_404(companies(), public_id=ref)
        return Response(links_data(CompanyAccount, company))

    @extend_schema(
        request=AccountLinkWriteSerializer, responses={201: AccountLinkSerializer(many=True)}
    )
    def post(self, request: Request, ref: str) -> Response:
        """From that day on until further notice; what was planned for later is taken out."""
        company = get_object_or_404(companies(), public_id=ref)
        services.set_company_account(company=company, **payer_values(request.data))
        return Response(links_data(CompanyAccount, company), status=201)


class CompanyUse(ScopedView):
    """What the company has used this month."""

    read_permission = Permission.DRIVER_VIEW

    @extend_schema(responses=UseSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Since the month began in the operator's zone; one query."""
        company: Company = get_object_or_404(companies(), public_id=ref)
        return Response(use_data(request, company, "company", company.public_id))


urls = [
    address("companies", CompanyList, "companies"),
    address("companies/{ref}", CompanyDetail, "company"),
    address("companies/{ref}/use", CompanyUse, "company_use"),
    address("companies/{ref}/accounts", CompanyAccounts, "company_accounts"),
    address("companies/{ref}/status", CompanyStatusChange, "company_status"),
]
