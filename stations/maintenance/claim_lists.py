"""Lists of warranty claims and of warranties: filters, tables, files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import (
    CharFilter,
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
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.tenancy.today import operator_today
from stations.maintenance import claims, warranties
from stations.maintenance.lists import site_choices
from stations.maintenance.partner_models import Partner
from stations.maintenance.warranty_models import ClaimState, StationWarranty, WarrantyClaim

SOON: Final = timedelta(days=30)
"""So long before its end a warranty counts as one that ends soon."""
WARRANTY_STATES: Final = [
    ("valid", _("Under warranty")),
    ("soon", _("Ends within 30 days")),
    ("over", _("Ended")),
    ("unknown", _("End not known")),
]


def supplier_choices(_request: HttpRequest | None) -> QuerySet[Partner]:
    """Partners that supply."""
    return warranties.suppliers()


class ClaimFilter(ListFilterSet):
    """Claims by text, state, supplier, site, station, incident, work order and days."""

    search_fields = (
        "public_id", "serial_number", "fault_codes", "description", "reference", "station__name",
        "station__public_id", "supplier__name", "answer",
    )  # fmt: skip
    state = MultipleChoiceFilter(label=_("State"), choices=ClaimState.choices)
    supplier = ModelChoiceFilter(
        queryset=supplier_choices, to_field_name="public_id", label=_("Supplier")
    )
    site = ModelChoiceFilter(
        queryset=site_choices, to_field_name="public_id", field_name="station__site",
        label=_("Site"),
    )  # fmt: skip
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))
    incident = CharFilter(field_name="incident__public_id", label=_("Incident (public id)"))
    order = CharFilter(method="by_order", label=_("Work order (public id)"))
    made = DateRange(field_name="made_at", label=_("Made"))

    class Meta:
        model = WarrantyClaim
        fields: list[str] = []

    def by_order(
        self, queryset: QuerySet[WarrantyClaim], _name: str, value: str
    ) -> QuerySet[WarrantyClaim]:
        """That refer to a work order."""
        return queryset.filter(order_links__order__public_id=value)


class ClaimTable(ListTable):
    """Claims, the latest first."""

    number = TitleColumn(_("Number"), detail="claim_detail", key="public_id")
    state = StatusColumn(_("State"), kind="claim")
    supplier = TextColumn(_("Supplier"), order_by="supplier__name")
    station = LinkColumn(
        _("Station"), detail="station_detail", key="station.public_id", order_by="station__name"
    )
    serial_number = TextColumn(_("Serial number"))
    fault_codes = TextColumn(_("Fault codes"))
    failed_on = TextColumn(_("Failed on"))
    claimed_amount = MoneyColumn(_("Claimed"))
    recovered_amount = MoneyColumn(_("Recovered"))
    sent_at = MomentColumn(_("Sent"))

    class Meta(ListTable.Meta):
        model = WarrantyClaim
        fields: tuple[str, ...] = ()

    def render_number(self, record: WarrantyClaim, column: TitleColumn) -> Any:
        """With its letter."""
        return column.render(str(record), record)


CLAIMS = ListSpec(
    name="warranty-claims",
    title=_("Warranty claims"),
    permission=Permission.ORDER_VIEW,
    queryset=lambda _request: claims.claims(),
    filterset=ClaimFilter,
    table=ClaimTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("number"),
        CsvColumn("state"),
        CsvColumn("supplier", "supplier.name", label=_("Supplier")),
        CsvColumn("reference"),
        CsvColumn("station", "station.name", label=_("Station")),
        CsvColumn("station_id", "station.public_id", label=_("Station (public id)")),
        CsvColumn("vendor"),
        CsvColumn("model"),
        CsvColumn("serial_number"),
        CsvColumn("firmware_version"),
        CsvColumn("failed_on"),
        CsvColumn("warranty_ends_on"),
        CsvColumn("fault_codes"),
        CsvColumn("incident", "incident.public_id", label=_("Incident")),
        CsvColumn("description"),
        CsvColumn("claimed_amount"),
        CsvColumn("recovered_amount"),
        CsvColumn("currency"),
        CsvColumn("made_at"),
        CsvColumn("sent_at"),
        CsvColumn("decided_at"),
        CsvColumn("settled_at"),
        CsvColumn("answer"),
    ),
    empty=EmptyText(
        _("No claim yet"),
        _("A claim is made from an incident, a work order or a station under warranty."),
        "warranty_list",
        _("Warranties"),
        Permission.ORDER_VIEW,
    ),
    search_hint=_("Serial number, fault code, case number, station or supplier"),
    actions=(
        ListAction(_("Warranties"), "warranty_list", "shield-check", Permission.ORDER_VIEW, False),
    ),
)


class WarrantyFilter(ListFilterSet):
    """Warranties by text, whether they hold, supplier, site and end."""

    search_fields = (
        "station__name", "station__public_id", "station__serial_number", "supplier__name",
        "reference", "note",
    )  # fmt: skip
    state = ChoiceFilter(method="by_state", label=_("State"), choices=WARRANTY_STATES)
    supplier = ModelChoiceFilter(
        queryset=supplier_choices, to_field_name="public_id", label=_("Supplier")
    )
    site = ModelChoiceFilter(
        queryset=site_choices, to_field_name="public_id", field_name="station__site",
        label=_("Site"),
    )  # fmt: skip
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))

    class Meta:
        model = StationWarranty
        fields: list[str] = []

    def by_state(
        self, queryset: QuerySet[StationWarranty], _name: str, value: str
    ) -> QuerySet[StationWarranty]:
        """By its end, today included."""
        today = operator_today()
        wanted: dict[str, dict[str, Any]] = {
            "valid": {"ends_on__gte": today},
            "soon": {"ends_on__range": (today, today + SOON)},
            "over": {"ends_on__lt": today},
            "unknown": {"ends_on": None},
        }
        return queryset.filter(**wanted[value])


class WarrantyTable(ListTable):
    """Warranties, those that end first on top."""

    station = TitleColumn(
        _("Station"), detail="station_warranty", key="station.public_id", order_by="station__name"
    )
    site = TextColumn(_("Site"), accessor="station__site", order_by="station__site__name")
    serial_number = TextColumn(
        _("Serial number"), accessor="station__serial_number", order_by="station__serial_number"
    )
    supplier = TextColumn(_("Supplier"), order_by="supplier__name")
    bought_on = TextColumn(_("Bought"))
    ends_on = TextColumn(_("Warranty until"))
    reference = TextColumn(_("Purchase order or invoice"), card_hide=True)

    class Meta(ListTable.Meta):
        model = StationWarranty
        fields: tuple[str, ...] = ()


WARRANTIES = ListSpec(
    name="warranties",
    title=_("Warranties"),
    permission=Permission.ORDER_VIEW,
    queryset=lambda _request: warranties.warranties(),
    filterset=WarrantyFilter,
    table=WarrantyTable,
    csv=(
        CsvColumn("station", "station.name", label=_("Station")),
        CsvColumn("station_id", "station.public_id", label=_("Station (public id)")),
        CsvColumn("site", "station.site.name", label=_("Site")),
        CsvColumn("vendor", "station.vendor", label=_("Vendor")),
        CsvColumn("model", "station.model", label=_("Model")),
        CsvColumn("serial_number", "station.serial_number", label=_("Serial number")),
        CsvColumn("supplier", "supplier.name", label=_("Supplier")),
        CsvColumn("bought_on"),
        CsvColumn("ends_on"),
        CsvColumn("reference"),
        CsvColumn("note"),
    ),
    empty=EmptyText(
        _("No warranty is known yet"),
        _("Enter supplier and end on the page of a station, under Warranty."),
        "station_list",
        _("Stations"),
        Permission.NETWORK_VIEW,
    ),
    search_hint=_("Station, serial number or supplier"),
    keys=("pk",),
)
