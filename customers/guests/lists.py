"""Lists of guests' visits and of codes on connectors."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
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
from customers.guests.codes import codes
from customers.guests.links import code_url
from customers.guests.models import GuestCode, GuestVisit, Shape, VisitState
from customers.guests.selectors import visits
from customers.residents.filters import site_choices
from stations.sites.models import Site


class VisitFilter(ListFilterSet):
    """Visits by text, state, way of paying, site and day."""

    search_fields = ("public_id", "token", "email", "evse__public_id", "evse__station__name")
    state = ChoiceFilter(label=_("State"), choices=VisitState.choices)
    shape = ChoiceFilter(label=_("Paid"), choices=Shape.choices)
    site = ModelChoiceFilter(
        queryset=site_choices, field_name="evse__station__site", to_field_name="public_id",
        label=_("Site"),
    )  # fmt: skip
    created_at = DateRange(label=_("Began"))

    class Meta:
        model = GuestVisit
        fields: list[str] = []


class VisitTable(ListTable):
    """Visits, the latest first."""

    public_id = TitleColumn(_("Visit"), detail="guest_visit_detail", key="public_id")
    created_at = MomentColumn(_("Began"))
    evse = TextColumn(_("EVSE"), order_by="evse__public_id")
    site = TextColumn(
        _("Site"), accessor="evse__station__site", order_by="evse__station__site__name"
    )
    state = StatusColumn(_("State"), kind="guest_visit")
    shape = TextColumn(_("Paid"), card_hide=True)
    amount = MoneyColumn(_("At most"))
    energy_wh = EnergyColumn(_("Energy"), accessor="session__energy_wh")
    captured = MoneyColumn(
        _("Collected"), accessor="card_payment__captured_amount",
        order_by="card_payment__captured_amount",
    )  # fmt: skip

    class Meta(ListTable.Meta):
        model = GuestVisit
        fields: tuple[str, ...] = ()


GUEST_VISITS = ListSpec(
    name="guest-visits",
    title=_("Guests"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: visits(),
    filterset=VisitFilter,
    table=VisitTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("created_at"),
        CsvColumn("evse", "evse.public_id"),
        CsvColumn("site", "evse.station.site.name"),
        CsvColumn("state"),
        CsvColumn("why"),
        CsvColumn("shape"),
        CsvColumn("amount"),
        CsvColumn("currency"),
        CsvColumn("captured", "card_payment.captured_amount"),
        CsvColumn("energy_wh", "session.energy_wh"),
        CsvColumn("session", "session.public_id", label=_("Session")),
        CsvColumn("account_id", "account.public_id", label=_("Account (public id)")),
        CsvColumn("card_payment", "card_payment.public_id", label=_("Card payment")),
        CsvColumn("email"),
        CsvColumn("ended_at"),
        CsvColumn("receipt_sent_at"),
    ),
    empty=EmptyText(
        _("No guest yet"),
        _("Guests scan the code on a connector. Print the codes and put them there."),
        "guest_code_list",
        _("Codes on connectors"),
        Permission.NETWORK_VIEW,
    ),
    search_hint=_("Id, EVSE, station, e-mail"),
    actions=(
        ListAction(
            _("Codes on connectors"), "guest_code_list", "qrcode", Permission.NETWORK_VIEW, False
        ),
    ),
)


def _sheets(request: HttpRequest) -> dict[str, object]:
    sites: QuerySet[Site] = site_choices(request)
    used = codes().order_by().values("connector__evse__station__site")
    return {"code_sites": list(sites.filter(pk__in=used)[:200])}


class CodeFilter(ListFilterSet):
    """Codes by text and site."""

    search_fields = (
        "code", "connector__evse__public_id", "connector__evse__station__name",
        "connector__evse__station__site__name",
    )  # fmt: skip
    site = ModelChoiceFilter(
        queryset=site_choices, field_name="connector__evse__station__site",
        to_field_name="public_id", label=_("Site"),
    )  # fmt: skip

    class Meta:
        model = GuestCode
        fields: list[str] = []


class CodeTable(ListTable):
    """Codes by place."""

    code = LinkColumn(_("Code"), detail="guest_code_detail", key="pk")
    evse = TextColumn(_("EVSE"), accessor="connector__evse", order_by="connector__evse__public_id")
    connector = TextColumn(
        _("Connector"), accessor="connector__get_connector_type_display",
        order_by="connector__connector_type",
    )  # fmt: skip
    station = TextColumn(
        _("Station"), accessor="connector__evse__station",
        order_by="connector__evse__station__name",
    )  # fmt: skip
    site = TextColumn(
        _("Site"), accessor="connector__evse__station__site",
        order_by="connector__evse__station__site__name",
    )  # fmt: skip
    created_at = MomentColumn(_("Made"), card_hide=True)

    class Meta(ListTable.Meta):
        model = GuestCode
        fields: tuple[str, ...] = ()


GUEST_CODES = ListSpec(
    name="guest-codes",
    title=_("Codes on connectors"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: codes(),
    filterset=CodeFilter,
    table=CodeTable,
    csv=(
        CsvColumn("code"),
        CsvColumn("url", code_url, label=_("Address")),
        CsvColumn("evse", "connector.evse.public_id"),
        CsvColumn("connector", "connector.number"),
        CsvColumn("station", "connector.evse.station.name"),
        CsvColumn("site", "connector.evse.station.site.name"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("No code yet"),
        _("Every connector in use gets its code within minutes."),
        "station_list",
        _("Stations"),
        Permission.NETWORK_VIEW,
    ),
    search_hint=_("Code, EVSE, station or site"),
    template="customers/guests/code_list.html",
    context=_sheets,
)
