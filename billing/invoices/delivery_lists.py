"""The list of deliveries: filter, table, files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.invoices.delivery_models import Delivery, DeliveryState, DeliveryWay
from billing.invoices.models import Invoice
from billing.sellers.models import Seller
from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn

NEEDS = [("attention", _("Failed or came back")), ("hands", _("Wait for a person"))]


def deliveries() -> QuerySet[Delivery]:
    """All deliveries of the operator in scope with their documents, the latest first."""
    rows: QuerySet[Delivery] = Delivery.objects.select_related("invoice").order_by(
        "-created_at", "-id"
    )
    return rows


def issued_in(
    month: tuple[date, date], seller: Seller | None = None, way: str = ""
) -> QuerySet[Invoice]:
    """Documents issued from one day to another, of a seller, and that go by a way."""
    rows: QuerySet[Invoice] = Invoice.objects.filter(issued_on__range=month)
    if seller is not None:
        rows = rows.filter(seller=seller)
    if way:
        going = Delivery.objects.filter(way=way).exclude(state=DeliveryState.BOUNCED)
        rows = rows.filter(pk__in=going.values("invoice"))
    return rows


class DeliveryFilter(ListFilterSet):
    """Deliveries by text, way, state and what they need."""

    search_fields = ("invoice__number", "invoice__public_id", "error", "public_id")
    way = ChoiceFilter(label=_("Way"), choices=DeliveryWay.choices)
    state = ChoiceFilter(label=_("State"), choices=DeliveryState.choices)
    needs = ChoiceFilter(method="by_needs", label=_("Needs"), choices=NEEDS)

    class Meta:
        model = Delivery
        fields: list[str] = []

    def by_needs(self, queryset: QuerySet[Delivery], _name: str, value: str) -> QuerySet[Delivery]:
        """What failed, or what a person must print or fetch."""
        if value == "attention":
            return queryset.filter(state__in=[DeliveryState.FAILED, DeliveryState.BOUNCED])
        return queryset.filter(
            state=DeliveryState.QUEUED, way__in=[DeliveryWay.PRINT, DeliveryWay.DOWNLOAD]
        )


class DeliveryTable(ListTable):
    """Deliveries, the latest first."""

    invoice = TitleColumn(
        _("Invoice"),
        detail="invoice_delivery",
        key="invoice.public_id",
        order_by="invoice__number",
    )
    state = StatusColumn(_("State"), kind="invoice_delivery")
    way = TextColumn(_("Way"))
    addresses = TextColumn(_("To"), orderable=False)
    attempts = TextColumn(_("Attempts"), end=True, card_hide=True)
    error = TextColumn(_("Error"), orderable=False)
    created_at = MomentColumn(_("Queued"), card_hide=True)
    sent_at = MomentColumn(_("Sent"))

    class Meta(ListTable.Meta):
        model = Delivery
        fields: tuple[str, ...] = ()
        order_by = "-created_at"

    def render_addresses(self, value: Any) -> str:
        """With commas between."""
        return ", ".join(value) or "–"


DELIVERIES = ListSpec(
    name="invoice_deliveries",
    title=_("Deliveries of invoices"),
    permission=Permission.INVOICE_VIEW,
    queryset=lambda _request: deliveries(),
    filterset=DeliveryFilter,
    table=DeliveryTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("invoice", "invoice.number"),
        CsvColumn("invoice_id", "invoice.public_id", label=_("Invoice (public id)")),
        CsvColumn("way"),
        CsvColumn("addresses"),
        CsvColumn("state"),
        CsvColumn("attempts"),
        CsvColumn("error"),
        CsvColumn("message_id"),
        CsvColumn("created_at"),
        CsvColumn("sent_at"),
    ),
    empty=EmptyText(
        _("Nothing has been sent yet"),
        _("Issued invoices are sent by themselves: by Peppol, by e-mail, or to be printed."),
        "invoice_files",
        _("Files of invoices"),
        Permission.INVOICE_VIEW,
    ),
    search_hint=_("Number or error"),
)
