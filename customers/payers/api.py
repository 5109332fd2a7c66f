"""REST parts of who pays: shared by drivers and companies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from billing.accounts.dated import LATEST_FIRST
from billing.accounts.selectors import account_named
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may
from customers.payers.models import AccountLink


class AccountLinkSerializer(serializers.Serializer[AccountLink]):
    """An account in a span of days, both included; null: open."""

    account = serializers.CharField(source="account.public_id")
    account_name = serializers.CharField(source="account.name")
    valid_from_on = serializers.DateField(allow_null=True)
    valid_until_on = serializers.DateField(allow_null=True)


class AccountLinkWriteSerializer(Input):
    """Another account (null: nobody) from a day on (null: since ever)."""

    account = serializers.CharField(max_length=24, allow_null=True)
    from_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


def first_payer(request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """``values`` of a new driver or company with the account looked up, if one is given.

    Only who may change accounts says who pays.
    """
    if "account" not in values:
        return values
    if not may(request, Permission.ACCOUNT_EDIT):
        raise PermissionDenied(_("You may not say who pays."))
    return values | {"account": account_named(values["account"])}


def payer_values(data: Any) -> dict[str, Any]:
    """The checked body with its account."""
    given = AccountLinkWriteSerializer(data=data)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = {**given.validated_data}
    if values["account"] is not None:
        values["account"] = account_named(values["account"])
    return values


def links_data(links: type[AccountLink], owner: Any) -> Any:
    """The accounts of a driver or company over time, the latest first."""
    rows = links.objects.filter(owner_id=owner.pk).select_related("account")
    shown: Any = list(rows.order_by(LATEST_FIRST, "-id"))
    return AccountLinkSerializer(shown, many=True).data
