"""The list of work orders: filters, table, files."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
)
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from stations.maintenance import lifecycle, selectors
from stations.maintenance.models import OrderKind, OrderSource, OrderState, WorkOrder
from stations.maintenance.partner_models import Partner, Priority
from stations.maintenance.warranty_models import StationWarranty
from stations.sites.models import Site
from stations.sites.selectors import sites


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator and the places in scope."""
    return sites()


def partner_choices(_request: HttpRequest | None) -> QuerySet[Partner]:
    """Partners who have orders at the places in scope."""
    rows: QuerySet[Partner] = Partner.objects.filter(
        pk__in=selectors.orders().order_by().values("partner_id")
    )
    return rows.order_by("name", "id")


class OrderFilter(ListFilterSet):
    """Orders by text, state, priority, kind, source, site, partner, days, and whether late."""

    search_fields = (
        "public_id", "title", "description", "fault_codes", "source_ref", "site__name",
        "station__name", "station__public_id", "station__serial_number",
    )  # fmt: skip
    open = BooleanFilter(method="by_open", label=_("Open"))
    late = BooleanFilter(method="by_late", label=_("Late"))
    state = MultipleChoiceFilter(label=_("State"), choices=OrderState.choices)
    priority = MultipleChoiceFilter(label=_("Priority"), choices=Priority.choices)
    kind = ChoiceFilter(label=_("Kind"), choices=OrderKind.choices)
    source = ChoiceFilter(label=_("From"), choices=OrderSource.choices)
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    partner = ModelChoiceFilter(
        queryset=partner_choices, to_field_name="public_id", label=_("Partner")
    )
    opened = DateRange(field_name="opened_at", label=_("Opened"))
    warranty = BooleanFilter(method="by_warranty", label=_("Under warranty"))

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def by_open(self, queryset: QuerySet[WorkOrder], _name: str, value: bool) -> QuerySet[Any]:
        """Whether something is to be done."""
        return (
            queryset.filter(state__in=lifecycle.OPEN)
            if value
            else queryset.exclude(state__in=lifecycle.OPEN)
        )

    def by_warranty(self, queryset: QuerySet[WorkOrder], _name: str, value: bool) -> QuerySet[Any]:
        """Whether the station's supplier answered for it when it was opened."""
        covered = StationWarranty.objects.filter(
            station=OuterRef("station"), ends_on__gte=OuterRef("opened_at__date")
        )
        return queryset.filter(Exists(covered) if value else ~Exists(covered))

    def by_late(self, queryset: QuerySet[WorkOrder], _name: str, value: bool) -> QuerySet[Any]:
        """Open and past what was promised."""
        late = queryset.filter(
            state__in=lifecycle.UNREPAIRED, restore_due_at__lt=timezone.now()
        ).order_by()
        if value:
            return queryset.filter(pk__in=late.values("pk"))
        return queryset.exclude(pk__in=late.values("pk"))


class OrderTable(ListTable):
    """Orders, the latest first."""

    number = TitleColumn(_("Number"), detail="order_detail", key="public_id")
    title = TextColumn(_("Title"))
    state = StatusColumn(_("State"), kind="order")
    priority = TextColumn(_("Priority"))
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    station = TextColumn(_("Station"), order_by="station__name", card_hide=True)
    partner = TextColumn(_("Partner"), order_by="partner__name")
    assignee = TextColumn(_("Technician"), accessor="assignee__user", orderable=False)
    scheduled_at = MomentColumn(_("Planned for"))
    restore_due_at = MomentColumn(_("Working by"))
    opened_at = MomentColumn(_("Opened"))

    class Meta(ListTable.Meta):
        model = WorkOrder
        fields: tuple[str, ...] = ()

    def render_priority(self, record: WorkOrder) -> str:
        """P1 to P4; the words stand on the order's page."""
        return record.priority


ORDERS = ListSpec(
    name="work-orders",
    title=_("Work orders"),
    permission=Permission.ORDER_VIEW,
    queryset=lambda _request: selectors.orders(),
    filterset=OrderFilter,
    table=OrderTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("number"),
        CsvColumn("title"),
        CsvColumn("kind"),
        CsvColumn("source"),
        CsvColumn("source_ref"),
        CsvColumn("priority"),
        CsvColumn("state"),
        CsvColumn("site", "site.name"),
        CsvColumn("station", "station.name"),
        CsvColumn("station_id", "station.public_id", label=_("Station (public id)")),
        CsvColumn("serial_number", "station.serial_number", label=_("Serial number")),
        CsvColumn("incident", "incident.public_id", label=_("Incident")),
        CsvColumn("fault_codes"),
        CsvColumn("agreement", "agreement.name", label=_("Service agreement")),
        CsvColumn("partner", "partner.name"),
        CsvColumn("technician", "assignee.user", column="assignee"),
        CsvColumn("opened_at"),
        CsvColumn("scheduled_at"),
        CsvColumn("responded_at"),
        CsvColumn("repaired_at"),
        CsvColumn("verified_at"),
        CsvColumn("closed_at"),
        CsvColumn("respond_due_at"),
        CsvColumn("restore_due_at"),
        CsvColumn("visits"),
        CsvColumn("reopened"),
        CsvColumn("first_time_fix", label=_("First-time fix")),
        CsvColumn("cost_amount"),
        CsvColumn("cost_currency"),
    ),
    empty=EmptyText(
        _("No work order yet"),
        _("An order tells a technician or a partner what to do at a site, and keeps its time."),
        "order_create",
        _("New work order"),
        Permission.ORDER_EDIT,
    ),
    search_hint=_("Title, number of a case, fault code, site, station or serial number"),
    actions=(
        ListAction(
            _("Service set-up"), "service_setup", "settings", Permission.AGREEMENT_EDIT, False
        ),
        ListAction(
            _("Agreements kept"), "order_report", "clock", Permission.ORDER_VIEW, primary=False
        ),
        ListAction(_("Board"), "order_board", "gauge", Permission.ORDER_VIEW, primary=False),
        ListAction(_("New work order"), "order_create", permission=Permission.ORDER_EDIT),
    ),
)
