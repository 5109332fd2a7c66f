"""Filters of billing accounts and price groups."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import holding_on
from billing.accounts.models import (
    AccountKind,
    AccountStatus,
    Audience,
    BillingAccount,
    PriceGroup,
    PriceGroupMembership,
)
from billing.accounts.selectors import price_groups, search
from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    ListFilterSet,
    ModelChoiceFilter,
)
from core.tenancy.today import operator_today


def group_choices(_request: HttpRequest | None) -> QuerySet[PriceGroup]:
    """Price groups of the operator in scope."""
    return price_groups()


class AccountFilter(ListFilterSet):
    """Accounts by text, status, kind, price group of today, country and what is missing."""

    status = ChoiceFilter(label=_("Status"), choices=AccountStatus.choices)
    kind = ChoiceFilter(label=_("Kind"), choices=AccountKind.choices)
    price_group = ModelChoiceFilter(
        method="by_group",
        queryset=group_choices,
        to_field_name="public_id",
        label=_("Price group"),
    )
    country_code = CharFilter(lookup_expr="iexact", label=_("Country"))
    has_email = BooleanFilter(method="by_email", label=_("Has an invoice address"))

    class Meta:
        model = BillingAccount
        fields: list[str] = []

    def search(
        self, queryset: QuerySet[BillingAccount], _name: str, value: str
    ) -> QuerySet[BillingAccount]:
        """Name, numbers, references, e-mail or public id."""
        return search(queryset, value.replace("\x00", "").strip())

    def by_group(
        self, queryset: QuerySet[BillingAccount], _name: str, value: PriceGroup
    ) -> QuerySet[BillingAccount]:
        """In the group today."""
        held = PriceGroupMembership.objects.filter(holding_on(operator_today()), price_group=value)
        return queryset.filter(pk__in=held.order_by().values("account_id"))

    def by_email(
        self, queryset: QuerySet[BillingAccount], _name: str, value: bool
    ) -> QuerySet[BillingAccount]:
        """Where invoices can be sent by mail or Peppol, or not."""
        nowhere = {"emails": [], "peppol_address": ""}
        return queryset.exclude(**nowhere) if value else queryset.filter(**nowhere)


class PriceGroupFilter(ListFilterSet):
    """Price groups by text and audience."""

    search_fields = ("name", "description", "public_id")
    audience = ChoiceFilter(label=_("For"), choices=Audience.choices)
    retired = BooleanFilter(
        field_name="retired_on", lookup_expr="isnull", exclude=True, label=_("Retired")
    )

    class Meta:
        model = PriceGroup
        fields: list[str] = []
