"""The list of energy costs: filter, table, files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import CharField
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing.energy.models import CostKind, EnergyCost
from billing.energy.selectors import energy_costs
from core.accounts.permissions import Permission
from core.forms_months import FirstDayField
from core.lists.filters import CharFilter, ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import LinkColumn, ListTable, MoneyColumn, TextColumn, TitleColumn
from core.ui import units
from stations.sites.models import Site
from stations.sites.selectors import sites

STATES = [("open", _("Not settled")), ("settled", _("Settled"))]


class MonthFilter(CharFilter):
    """A month, as 2026-11; its value is the first day."""

    field_class: type[CharField] = FirstDayField


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator and the places in scope."""
    return sites()


class EnergyCostFilter(ListFilterSet):
    """Costs by text, site, months, kind, and whether a statement has settled them."""

    search_fields = ("supplier", "invoice_number", "site__name", "note", "public_id")
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    from_month = MonthFilter(field_name="month_on", lookup_expr="gte", label=_("From month"))
    until_month = MonthFilter(field_name="month_on", lookup_expr="lte", label=_("Until month"))
    kind = ChoiceFilter(label=_("Kind"), choices=CostKind.choices)
    state = ChoiceFilter(method="by_state", label=_("State"), choices=STATES)

    class Meta:
        model = EnergyCost
        fields: list[str] = []

    def by_state(
        self, queryset: QuerySet[EnergyCost], _name: str, value: str
    ) -> QuerySet[EnergyCost]:
        """Whether a statement has used the cost."""
        return (
            queryset.filter(settled_in="") if value == "open" else queryset.exclude(settled_in="")
        )


class MonthColumn(TextColumn):
    """A month by its first day."""

    def render(self, value: Any) -> str:
        """Its name and year."""
        return date_format(value, "Y-m")


class KilowattHoursColumn(TextColumn):
    """kWh, right-aligned."""

    def render(self, value: Any) -> str:
        """One decimal."""
        return units.quantity(value, "kWh", decimals=1)


class EnergyCostTable(ListTable):
    """Costs, the latest month first."""

    invoice_number = TitleColumn(_("Invoice"), detail="energy_cost_detail", key="public_id")
    supplier = TextColumn(_("Supplier"))
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    month_on = MonthColumn(_("Month"))
    kind = TextColumn(_("Kind"))
    energy_kwh = KilowattHoursColumn(_("Energy"), end=True)
    net = MoneyColumn(_("Net"))
    tax = MoneyColumn(_("VAT"), card_hide=True)
    settled_in = TextColumn(_("Settled in"), card_hide=True)

    class Meta(ListTable.Meta):
        model = EnergyCost
        fields: tuple[str, ...] = ()


FILE_COLUMNS = (
    CsvColumn("public_id"),
    CsvColumn("site", "site.name"),
    CsvColumn("site_id", "site.public_id", label=_("Site (public id)")),
    CsvColumn("month", lambda row: f"{row.month_on:%Y-%m}", column="month_on"),
    CsvColumn("kind"),
    CsvColumn("supplier"),
    CsvColumn("invoice_number"),
    CsvColumn("invoiced_on"),
    CsvColumn("energy_kwh"),
    CsvColumn("net"),
    CsvColumn("tax"),
    CsvColumn("currency"),
    CsvColumn("note"),
    CsvColumn("settled_in"),
)
ENERGY_COSTS = ListSpec(
    name="energy_costs",
    title=_("Energy costs"),
    permission=Permission.ENERGY_VIEW,
    queryset=lambda _request: energy_costs(),
    filterset=EnergyCostFilter,
    table=EnergyCostTable,
    csv=FILE_COLUMNS,
    empty=EmptyText(
        _("No energy cost yet"),
        _("Enter what suppliers and grid companies bill for a site, or import it from a file."),
        "energy_cost_create",
        _("Enter an energy cost"),
        Permission.ENERGY_EDIT,
    ),
    search_hint=_("Supplier, invoice number or site"),
    actions=(
        ListAction(
            _("Import"), "import_create", "upload", Permission.IMPORT_USE, False,
            "kind=energy-costs",
        ),
        ListAction(
            _("New energy cost"), "energy_cost_create", permission=Permission.ENERGY_EDIT
        ),
    ),
)  # fmt: skip
