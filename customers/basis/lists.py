"""The list of charging bases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import (
    EnergyColumn,
    LinkColumn,
    ListTable,
    MomentColumn,
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from customers.basis.models import BasisDelivery, ChargingBasis
from customers.basis.selectors import bases, sites_with_basis
from customers.residents.filters import site_choices


class BasisFilter(ListFilterSet):
    """Bases by site, month and delivery."""

    search_fields = ("site__name", "public_id", "to_email", "file_name")
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    month = DateRange(label=_("Month"), field_name="month_on")
    delivery = ChoiceFilter(label=_("Delivery"), choices=BasisDelivery.choices)

    class Meta:
        model = ChargingBasis
        fields: list[str] = []


class BasisTable(ListTable):
    """Bases, the latest month first."""

    month_on = TitleColumn(_("Month"), detail="charging_basis_detail", key="public_id")
    site = LinkColumn(
        _("Site"), detail="site_charging_basis", key="site.public_id", order_by="site__name"
    )
    energy_wh = EnergyColumn(_("Energy"))
    session_count = TextColumn(_("Sessions"), end=True)
    gross = MoneyColumn(_("Amount"))
    unknown_count = TextColumn(_("Sessions of nobody"), end=True)
    delivery = StatusColumn(_("Delivery"), kind="basis_delivery")
    sent_at = MomentColumn(_("Sent"), card_hide=True)
    to_email = TextColumn(_("To"), card_hide=True)

    class Meta(ListTable.Meta):
        model = ChargingBasis
        fields: tuple[str, ...] = ()

    def render_month_on(self, value: Any, column: Any, record: ChargingBasis) -> Any:
        """The month, without a day."""
        return column.render(value=f"{value:%Y-%m}", record=record)


def _context(_request: HttpRequest) -> dict[str, Any]:
    return {"basis_sites": list(sites_with_basis()[:200])}


BASES = ListSpec(
    name="charging-bases",
    title=_("Charging bases"),
    permission=Permission.RESIDENT_VIEW,
    queryset=lambda _request: bases(),
    filterset=BasisFilter,
    table=BasisTable,
    csv=tuple(
        CsvColumn(name, accessor)
        for name, accessor in (
            ("public_id", None), ("site", "site.name"), ("month_on", None), ("currency", None),
            ("energy_wh", None), ("session_count", None), ("net", None), ("tax", None),
            ("gross", None), ("unknown_count", None), ("frozen_at", None), ("delivery", None),
            ("to_email", None), ("sent_at", None), ("file_name", None), ("file_sha256", None),
        )
    ),
    empty=EmptyText(
        _("No charging basis yet"),
        _("Where nobody invoices by the site contract, a month's basis is frozen and sent here."),
        "site_contract_list",
        _("Site contracts"),
        Permission.ACCOUNT_VIEW,
    ),
    search_hint=_("Site, address or file"),
    template="customers/basis/basis_list.html",
    context=_context,
)  # fmt: skip
