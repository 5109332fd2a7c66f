"""Filters of tariffs and assignments."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import PriceGroup
from billing.tariffs.models import Tariff, TariffAssignment
from billing.tariffs.selectors import holding_at, tariffs
from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    ListFilterSet,
    ModelChoiceFilter,
)
from stations.hardware.choices import ConnectorType
from stations.sites.models import Site

STATUSES = (
    ("in_force", _("In force")),
    ("scheduled", _("Scheduled")),
    ("draft", _("Draft")),
    ("retired", _("Retired")),
)
PERIODS = (
    ("in_force", _("In force")),
    ("scheduled", _("Scheduled")),
    ("ended", _("Ended")),
)


class TariffFilter(ListFilterSet):
    """Tariffs by text, status, currency, VAT basis and whether a draft waits."""

    search_fields = ("name", "note", "public_id")
    status = ChoiceFilter(field_name="shown_status", label=_("Status"), choices=STATUSES)
    currency = CharFilter(lookup_expr="iexact", label=_("Currency"))
    is_tax_included = BooleanFilter(label=_("Prices with VAT"))
    has_draft = BooleanFilter(label=_("A draft waits"))
    is_assigned = BooleanFilter(method="by_assigned", label=_("Assigned now"))

    class Meta:
        model = Tariff
        fields: list[str] = []

    def by_assigned(self, rows: QuerySet[Tariff], _name: str, value: bool) -> QuerySet[Tariff]:
        """Whether an assignment holds now."""
        held = holding_at(TariffAssignment.objects.all(), timezone.now()).values("tariff")
        return rows.filter(pk__in=held) if value else rows.exclude(pk__in=held)


def tariff_choices(_request: HttpRequest | None) -> QuerySet[Tariff]:
    """Tariffs of the operator in scope."""
    return tariffs()


def group_choices(_request: HttpRequest | None) -> QuerySet[PriceGroup]:
    """Price groups of the operator in scope."""
    found: QuerySet[PriceGroup] = PriceGroup.objects.order_by("name", "id")
    return found


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator in scope."""
    found: QuerySet[Site] = Site.objects.order_by("name", "id")
    return found


class AssignmentFilter(ListFilterSet):
    """Assignments by tariff, place, connector type, price group and period."""

    search_fields = (
        "tariff__name",
        "site__name",
        "station__name",
        "evse__public_id",
        "price_group__name",
    )
    status = ChoiceFilter(field_name="shown_status", label=_("Period"), choices=PERIODS)
    tariff = ModelChoiceFilter(
        queryset=tariff_choices, to_field_name="public_id", label=_("Tariff")
    )
    site = ModelChoiceFilter(
        queryset=site_choices, to_field_name="public_id", method="by_site", label=_("Site")
    )
    price_group = ModelChoiceFilter(
        queryset=group_choices, to_field_name="public_id", label=_("Price group")
    )
    connector_type = ChoiceFilter(label=_("Connector type"), choices=ConnectorType.choices)

    class Meta:
        model = TariffAssignment
        fields: list[str] = []

    def by_site(
        self, rows: QuerySet[TariffAssignment], _name: str, value: Site
    ) -> QuerySet[TariffAssignment]:
        """At the site, one of its stations or their EVSEs."""
        return rows.filter(Q(site=value) | Q(station__site=value) | Q(evse__station__site=value))
