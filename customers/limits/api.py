"""Serializer fields of limits."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from core.api.inputs import Input
from core.api.permissions import operator_of
from core.errors import InvalidInput
from core.operators.values import CURRENCIES
from customers.limits.hours import HoursError, read_windows
from customers.limits.models import LimitedModel
from customers.limits.selectors import use_this_month
from customers.limits.usage import Level
from stations.sites.models import Site

LIMIT_NAMES = (
    "max_concurrent_sessions",
    "max_energy_wh_per_month",
    "max_gross_per_month",
    "limit_currency",
    "allowed_hours",
    "allowed_sites",
)


class WindowSerializer(Input):
    """Hours of some days of the week; ``to`` not after ``from`` runs past midnight."""

    days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), help_text="1 is Monday"
    )

    def get_fields(self) -> dict[str, Any]:
        """``from`` is a word of the language, so it cannot be an attribute."""
        fields = super().get_fields()
        fields["from"] = serializers.CharField(max_length=5, help_text="07:00")
        fields["to"] = serializers.CharField(max_length=5, help_text="18:00, at most 24:00")
        return fields


class LimitsReadSerializer(serializers.Serializer[Any]):
    """Limits as they are; null and an empty list: no limit."""

    max_concurrent_sessions = serializers.IntegerField(allow_null=True)
    max_energy_wh_per_month = serializers.IntegerField(allow_null=True)
    max_gross_per_month = serializers.DecimalField(
        max_digits=12, decimal_places=2, allow_null=True, help_text="With VAT"
    )
    limit_currency = serializers.CharField(help_text="Of max_gross_per_month")
    allowed_hours = WindowSerializer(many=True)
    allowed_sites = serializers.SerializerMethodField()

    def get_allowed_sites(self, row: LimitedModel) -> list[str]:
        """Ids of the only sites; empty: everywhere."""
        return [site.public_id for site in row.allowed_sites.all()]


class LimitsWriteSerializer(Input):
    """Limits to store; what is not given keeps its value."""

    max_concurrent_sessions = serializers.IntegerField(
        min_value=0, max_value=1000, required=False, allow_null=True
    )
    max_energy_wh_per_month = serializers.IntegerField(
        min_value=0, max_value=10**12, required=False, allow_null=True
    )
    max_gross_per_month = serializers.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=0,
        required=False,
        allow_null=True,
        help_text="What the sessions of a month may cost, with VAT",
    )
    limit_currency = serializers.ChoiceField(
        choices=CURRENCIES, required=False, help_text="Left out: the operator's"
    )
    allowed_hours = WindowSerializer(many=True, required=False)
    allowed_sites = serializers.ListField(
        child=serializers.CharField(max_length=24), required=False
    )
    reason = serializers.CharField(max_length=500, required=False)

    def validate_allowed_hours(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """In their canonical form."""
        try:
            return [window.stored() for window in read_windows([dict(one) for one in value])]
        except HoursError as error:
            raise serializers.ValidationError(_(error.message)) from error


class UseSerializer(serializers.Serializer[Any]):
    """What has been used since the month began in the operator's zone. ``gross``: what its
    sessions cost with VAT, those that run by their cost so far, in ``currency`` alone."""

    month = serializers.DateField()
    running_sessions = serializers.IntegerField()
    energy_wh = serializers.IntegerField()
    gross = serializers.DecimalField(max_digits=16, decimal_places=4)
    currency = serializers.CharField()


def use_data(request: Request, row: LimitedModel, level: Level, name: str) -> dict[str, Any]:
    """The use of a row of the caller's operator, as the API gives it."""
    used = use_this_month(row, level, name, operator=operator_of(request), now=timezone.now())
    return dict(UseSerializer(used).data)


def with_sites(values: dict[str, Any]) -> dict[str, Any]:
    """``values`` with sites in place of their ids. Raises InvalidInput for an unknown one."""
    if "allowed_sites" not in values:
        return values
    ids = values["allowed_sites"]
    sites = list(Site.objects.filter(public_id__in=ids))
    missing = set(ids) - {site.public_id for site in sites}
    if missing:
        raise InvalidInput(
            "unknown_site",
            _("There is no site with the id %(ids)s") % {"ids": ", ".join(sorted(missing))},
            field="allowed_sites",
        )
    return {**values, "allowed_sites": sites}
