"""REST: billing accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts import membership_services, services
from billing.accounts.dated import operator_day
from billing.accounts.filters import AccountFilter
from billing.accounts.models import (
    AccountKind,
    AccountStatus,
    BillingAccount,
    InvoiceGrouping,
    InvoiceRhythm,
    PriceGroup,
    PriceGroupMembership,
    VatCheck,
)
from billing.accounts.selectors import account_rows, every_account, memberships_of, price_groups
from billing.accounts.values import ACCOUNT_FIELDS, MOST_EMAILS
from billing.accounts.vat_services import check_vat_number
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput


class AccountSerializer(serializers.ModelSerializer[BillingAccount]):
    """A billing account; ``price_group`` is the public id of today's."""

    id = serializers.CharField(source="public_id")
    emails = serializers.ListField(child=serializers.CharField())
    price_group = serializers.CharField(source="group_ref", allow_null=True)

    class Meta:
        model = BillingAccount
        fields = (
            "id",
            *ACCOUNT_FIELDS,
            "price_group",
            "status",
            "status_reason",
            "created_at",
            "updated_at",
        )


class AccountChangeSerializer(Input):
    """What may be written of an account; the service checks numbers and addresses."""

    kind = serializers.ChoiceField(choices=AccountKind.choices, required=False)
    name = serializers.CharField(max_length=120, required=False)
    organisation_number = serializers.CharField(max_length=32, allow_blank=True, required=False)
    vat_number = serializers.CharField(max_length=32, allow_blank=True, required=False)
    address = serializers.CharField(max_length=200, allow_blank=True, required=False)
    address_extra = serializers.CharField(max_length=200, allow_blank=True, required=False)
    postal_code = serializers.CharField(max_length=16, allow_blank=True, required=False)
    city = serializers.CharField(max_length=100, allow_blank=True, required=False)
    country_code = serializers.CharField(max_length=2, required=False)
    language = serializers.CharField(max_length=10, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    payment_terms_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    emails = serializers.ListField(
        child=serializers.EmailField(max_length=254), max_length=MOST_EMAILS, required=False
    )
    peppol_address = serializers.CharField(max_length=60, allow_blank=True, required=False)
    buyer_reference = serializers.CharField(max_length=100, allow_blank=True, required=False)
    order_number = serializers.CharField(max_length=100, allow_blank=True, required=False)
    invoice_rhythm = serializers.ChoiceField(
        choices=InvoiceRhythm.choices, allow_blank=True, required=False
    )
    invoice_grouping = serializers.ChoiceField(choices=InvoiceGrouping.choices, required=False)
    credit_limit_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, allow_null=True, required=False
    )
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class AccountWriteSerializer(AccountChangeSerializer):
    """A new account, with a price group from its beginning."""

    name = serializers.CharField(max_length=120)
    price_group = serializers.CharField(max_length=24, required=False)


class AccountStatusSerializer(Input):
    """A new status and why."""

    status = serializers.ChoiceField(choices=AccountStatus.choices)
    reason = serializers.CharField(max_length=500)


class MembershipSerializer(serializers.ModelSerializer[PriceGroupMembership]):
    """A price group in a span of days, both included; null: open."""

    price_group = serializers.CharField(source="price_group.public_id")

    class Meta:
        model = PriceGroupMembership
        fields = ("price_group", "valid_from_on", "valid_until_on")


class MembershipWriteSerializer(Input):
    """Another price group (null: none) from a day on (null: since ever)."""

    price_group = serializers.CharField(max_length=24, allow_null=True)
    from_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class VatCheckSerializer(serializers.ModelSerializer[VatCheck]):
    """What VIES said, and when."""

    class Meta:
        model = VatCheck
        fields = ("vat_number", "outcome", "name", "address", "reference", "error", "checked_at")


class VatCheckAskSerializer(Input):
    """``asks_again`` passes over a kept answer."""

    asks_again = serializers.BooleanField(default=False)


def _account(request: Request, ref: str) -> BillingAccount:
    day = operator_day(operator_of(request))
    rows = account_rows(day, every_account()).select_related("operator")
    account: BillingAccount = get_object_or_404(rows, public_id=ref)
    return account


def price_group_named(ref: str) -> PriceGroup:
    """The caller's own price group; InvalidInput if there is none with this id."""
    group = price_groups().filter(public_id=ref).first()
    if group is None:
        raise InvalidInput(
            "price_group", _("There is no price group with this id."), field="price_group"
        )
    return group


class AccountList(ListView):
    """All billing accounts; POST creates one."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.ACCOUNT_EDIT
    serializer_class = AccountSerializer
    filterset_class = AccountFilter

    def rows(self) -> QuerySet[BillingAccount]:
        """Accounts of the caller's operator."""
        return account_rows(operator_day(operator_of(self.request)))

    @extend_schema(request=AccountWriteSerializer, responses={201: AccountSerializer})
    def post(self, request: Request) -> Response:
        """Create an account."""
        given = AccountWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        if "price_group" in values:
            values["price_group"] = price_group_named(values["price_group"])
        account = services.create_account(operator=operator_of(request), **values)
        return Response(AccountSerializer(_account(request, account.public_id)).data, status=201)


class AccountDetail(DetailView):
    """One billing account; PATCH changes it."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.ACCOUNT_EDIT
    serializer_class = AccountSerializer

    def get_object(self) -> BillingAccount:
        """The caller's own account, or 404."""
        return _account(self.request, self.kwargs["ref"])

    @extend_schema(request=AccountChangeSerializer, responses=AccountSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change an account; what is not given stays."""
        account = self.get_object()
        given = AccountChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.change_account(account=account, **given.validated_data)
        return Response(AccountSerializer(account).data)


class AccountStatusChange(ScopedView):
    """POST blocks or activates an account."""

    write_permission = Permission.ACCOUNT_EDIT

    @extend_schema(request=AccountStatusSerializer, responses=AccountSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Set the status, effective at the next authorisation; 409 when it is so already."""
        account = _account(request, ref)
        given = AccountStatusSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.set_account_status(account=account, **given.validated_data)
        return Response(AccountSerializer(_account(request, ref)).data)


class AccountPriceGroups(ScopedView):
    """The account's price groups over time; POST sets another one from a day on."""

    read_permission = Permission.ACCOUNT_VIEW
    write_permission = Permission.ACCOUNT_EDIT

    @extend_schema(responses=MembershipSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """All of them, the latest first."""
        return Response(
            MembershipSerializer(memberships_of(_account(request, ref)), many=True).data
        )

    @extend_schema(
        request=MembershipWriteSerializer, responses={201: MembershipSerializer(many=True)}
    )
    def post(self, request: Request, ref: str) -> Response:
        """From that day on until further notice; what was planned for later is taken out."""
        account = _account(request, ref)
        given = MembershipWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        if values["price_group"] is not None:
            values["price_group"] = price_group_named(values["price_group"])
        membership_services.set_price_group(account=account, **values)
        return Response(MembershipSerializer(memberships_of(account), many=True).data, status=201)


class AccountVatCheck(ScopedView):
    """POST asks VIES about the account's VAT number."""

    write_permission = Permission.ACCOUNT_EDIT

    @extend_schema(request=VatCheckAskSerializer, responses=VatCheckSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """A kept answer while it is fresh (30 days), else a new one."""
        account = _account(request, ref)
        given = VatCheckAskSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        check = check_vat_number(account=account, now=timezone.now(), **given.validated_data)
        return Response(VatCheckSerializer(check).data)


urls = [
    address("billing-accounts", AccountList, "billing_accounts"),
    address("billing-accounts/{ref}", AccountDetail, "billing_account"),
    address("billing-accounts/{ref}/status", AccountStatusChange, "billing_account_status"),
    address(
        "billing-accounts/{ref}/price-groups", AccountPriceGroups, "billing_account_price_groups"
    ),
    address("billing-accounts/{ref}/vat-check", AccountVatCheck, "billing_account_vat_check"),
]
