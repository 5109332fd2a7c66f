"""REST: account maps of sellers."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounting import chart_services as services
from billing.accounting.book_models import (
    CATEGORIES,
    KINDS,
    AccountUse,
    Books,
    ChartAccount,
    RevenueMapping,
    TaxMapping,
)
from billing.accounting.selectors import sellers
from billing.sellers.models import Seller
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ScopedView
from core.errors import InvalidInput


class AccountUseSerializer(serializers.ModelSerializer[AccountUse]):
    """The ledger account of a use."""

    account = serializers.CharField(source="account.number")

    class Meta:
        model = AccountUse
        fields = ("use", "account")


class RevenueRuleSerializer(serializers.ModelSerializer[RevenueMapping]):
    """The ledger account of sales that fit; what is empty fits all."""

    account = serializers.CharField(source="account.number")

    class Meta:
        model = RevenueMapping
        fields = ("id", "kind", "category", "rate", "country", "account")


class TaxRuleSerializer(serializers.ModelSerializer[TaxMapping]):
    """The ledger account of output VAT that fits; what is empty fits all."""

    account = serializers.CharField(source="account.number")

    class Meta:
        model = TaxMapping
        fields = ("id", "rate", "country", "account")


class AccountMapSerializer(serializers.Serializer[Any]):
    """The whole account map of a seller."""

    site_dimension = serializers.IntegerField(allow_null=True)
    uses = AccountUseSerializer(many=True)
    revenue = RevenueRuleSerializer(many=True)
    taxes = TaxRuleSerializer(many=True)


class RuleChangeSerializer(Input):
    """Another ledger account for a rule."""

    id = serializers.IntegerField()
    account = serializers.CharField(max_length=6)


class UseChangeSerializer(Input):
    """Another ledger account for a use."""

    use = serializers.CharField(max_length=20)
    account = serializers.CharField(max_length=6)


class AccountMapChangeSerializer(Input):
    """Other ledger accounts for uses and rules; what is not given stays."""

    site_dimension = serializers.IntegerField(
        min_value=1, max_value=9999, allow_null=True, required=False
    )
    uses = UseChangeSerializer(many=True, required=False)
    revenue = RuleChangeSerializer(many=True, required=False)
    taxes = RuleChangeSerializer(many=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class RevenueRuleWriteSerializer(Input):
    """A new rule for sales."""

    kind = serializers.ChoiceField(choices=KINDS, allow_blank=True, required=False)
    category = serializers.ChoiceField(choices=CATEGORIES, allow_blank=True, required=False)
    rate = serializers.DecimalField(
        max_digits=7, decimal_places=4, min_value=0, allow_null=True, required=False
    )
    country = serializers.RegexField(r"^[A-Z]{2}$", allow_blank=True, required=False)
    account = serializers.CharField(max_length=6)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class TaxRuleWriteSerializer(Input):
    """A new rule for output VAT."""

    rate = serializers.DecimalField(
        max_digits=7, decimal_places=4, min_value=0, allow_null=True, required=False
    )
    country = serializers.RegexField(r"^[A-Z]{2}$", allow_blank=True, required=False)
    account = serializers.CharField(max_length=6)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


def _seller(ref: str) -> Seller:
    seller: Seller = get_object_or_404(sellers(), public_id=ref)
    return seller


def _named(seller: Seller, *numbers: str) -> dict[str, ChartAccount]:
    """The chart's accounts of these numbers, in one query; refuses one that it has not."""
    rows = ChartAccount.objects.filter(seller=seller, number__in=numbers)
    found = {row.number: row for row in rows}
    for number in numbers:
        if number not in found:
            raise InvalidInput(
                "account", _("The chart has no account %(number)s.") % {"number": number}
            )
    return found


def _map(seller: Seller) -> dict[str, Any]:
    books = Books.objects.filter(seller=seller).first()
    of = {"seller": seller}
    return {
        "site_dimension": books.site_dimension if books else None,
        "uses": AccountUse.objects.filter(**of).select_related("account").order_by("id"),
        "revenue": RevenueMapping.objects.filter(**of).select_related("account").order_by("id"),
        "taxes": TaxMapping.objects.filter(**of).select_related("account").order_by("id"),
    }


class AccountMap(ScopedView):
    """A seller's account map; PATCH gives uses and rules other ledger accounts."""

    read_permission = Permission.LEDGER_VIEW
    write_permission = Permission.LEDGER_EDIT

    @extend_schema(responses=AccountMapSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Uses, rules for sales and rules for VAT."""
        return Response(AccountMapSerializer(_map(_seller(ref))).data)

    @extend_schema(request=AccountMapChangeSerializer, responses=AccountMapSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """All given changes or none; they hold from the next entry on."""
        seller = _seller(ref)
        given = AccountMapChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        more = {name: asked[name] for name in ("site_dimension", "reason") if name in asked}
        uses, revenue, taxes = (asked.get(name, []) for name in ("uses", "revenue", "taxes"))
        accounts = _named(seller, *(one["account"] for one in (*uses, *revenue, *taxes)))
        services.set_map(
            seller=seller,
            uses={one["use"]: accounts[one["account"]] for one in uses},
            revenue={one["id"]: accounts[one["account"]] for one in revenue},
            taxes={one["id"]: accounts[one["account"]] for one in taxes},
            **more,
        )
        return Response(AccountMapSerializer(_map(seller)).data)


class RevenueRules(ScopedView):
    """POST adds a rule for sales."""

    write_permission = Permission.LEDGER_EDIT

    @extend_schema(request=RevenueRuleWriteSerializer, responses={201: AccountMapSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Add it; 409 for one that asks for the same as another."""
        seller = _seller(ref)
        given = RevenueRuleWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        (values["account"],) = _named(seller, values["account"]).values()
        services.add_revenue_rule(seller=seller, **values)
        return Response(AccountMapSerializer(_map(seller)).data, status=201)


class TaxRules(ScopedView):
    """POST adds a rule for output VAT."""

    write_permission = Permission.LEDGER_EDIT

    @extend_schema(request=TaxRuleWriteSerializer, responses={201: AccountMapSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Add it; 409 for one that asks for the same as another."""
        seller = _seller(ref)
        given = TaxRuleWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        (values["account"],) = _named(seller, values["account"]).values()
        services.add_tax_rule(seller=seller, **values)
        return Response(AccountMapSerializer(_map(seller)).data, status=201)


class RuleDetail(ScopedView):
    """DELETE takes a rule out of a map."""

    write_permission = Permission.LEDGER_EDIT
    model: Any = RevenueMapping

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """Take it out; 409 for the last one."""
        rows = self.model.objects.select_related("seller", "account")
        services.remove_rule(rule=get_object_or_404(rows, pk=number))
        return Response(status=204)


class TaxRuleDetail(RuleDetail):
    """DELETE takes a rule for output VAT out of a map."""

    model: Any = TaxMapping


urls = [
    address("account-maps/{ref}", AccountMap, "account_map"),
    address("account-maps/{ref}/revenue-rules", RevenueRules, "revenue_rules"),
    address("account-maps/{ref}/tax-rules", TaxRules, "tax_rules"),
    address("revenue-rules/{number}", RuleDetail, "revenue_rule"),
    address("tax-rules/{number}", TaxRuleDetail, "tax_rule"),
]
