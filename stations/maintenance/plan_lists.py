"""The list of preventive plans."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import BooleanFilter, ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import ListTable, TextColumn, TitleColumn
from core.tenancy.places import current_places
from stations.maintenance.lists import site_choices
from stations.maintenance.models import OrderKind
from stations.maintenance.plan_models import MaintenancePlan


def plans() -> QuerySet[MaintenancePlan]:
    """Plans of the places in scope, and those for all sites."""
    rows: QuerySet[MaintenancePlan] = MaintenancePlan.objects.select_related(
        "operator", "site", "hardware_model", "partner", "checklist"
    )
    places = current_places()
    if places is not None:
        rows = rows.filter(Q(site=None) | Q(site__in=places))
    return rows.order_by("name", "id")


class PlanFilter(ListFilterSet):
    """Plans by name, kind, site, and whether they are active."""

    search_fields = ("public_id", "name", "site__name", "hardware_model__model")
    active = BooleanFilter(field_name="is_active", label=_("Active"))
    kind = ChoiceFilter(label=_("Kind"), choices=OrderKind.choices)
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))

    class Meta:
        model = MaintenancePlan
        fields: list[str] = []


class PlanTable(ListTable):
    """Plans by name."""

    name = TitleColumn(_("Name"), detail="plan_detail", key="public_id")
    kind = TextColumn(_("Kind"), accessor="get_kind_display", order_by="kind")
    site = TextColumn(_("Site"), order_by="site__name")
    hardware_model = TextColumn(_("Station model"), orderable=False)
    every_months = TextColumn(_("Months"))
    every_kwh = TextColumn(_("kWh"))
    every_cycles = TextColumn(_("Plug cycles"))
    partner = TextColumn(_("Partner"), order_by="partner__name")

    class Meta(ListTable.Meta):
        model = MaintenancePlan
        fields: tuple[str, ...] = ()


PLANS = ListSpec(
    name="maintenance-plans",
    title=_("Maintenance plans"),
    permission=Permission.ORDER_VIEW,
    queryset=lambda _request: plans(),
    filterset=PlanFilter,
    table=PlanTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("name"),
        CsvColumn("kind"),
        CsvColumn("priority"),
        CsvColumn("site", "site.name"),
        CsvColumn("hardware_model"),
        CsvColumn("every_months"),
        CsvColumn("every_kwh"),
        CsvColumn("every_cycles"),
        CsvColumn("lead_days"),
        CsvColumn("group_km"),
        CsvColumn("starts_on"),
        CsvColumn("partner", "partner.name"),
        CsvColumn("is_active"),
    ),
    empty=EmptyText(
        _("No maintenance plan yet"),
        _("A plan makes work orders by itself: every so many months, kWh or plug cycles."),
        "plan_create",
        _("New plan"),
        Permission.ORDER_EDIT,
    ),
    search_hint=_("Name, site or station model"),
    actions=(
        ListAction(
            _("Calendar"), "plan_calendar", "calendar", Permission.ORDER_VIEW, primary=False
        ),
        ListAction(_("New plan"), "plan_create", permission=Permission.ORDER_EDIT),
    ),
)
