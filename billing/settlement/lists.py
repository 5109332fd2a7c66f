"""The lists of statements and of what they counted: filters, tables, files."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.sellers.models import Seller
from billing.settlement.models import Route, Statement, StatementItem, StatementState
from billing.settlement.selectors import items, statements
from core.accounts.permissions import Permission
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
)
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import (
    EnergyColumn,
    LinkColumn,
    ListTable,
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from stations.sites.models import Site
from stations.sites.selectors import sites

STATES = [
    ("draft", _("Draft")),
    ("awaits_invoice", _("Awaits the host's invoice")),
    ("to_pay", _("To be paid")),
    ("ordered", _("Being paid")),
    ("paid", _("Paid")),
    ("carried", _("Carried over")),
    ("nothing", _("Nothing to pay")),
]
_WHERE: dict[str, Q] = {
    "draft": Q(state=StatementState.DRAFT),
    "awaits_invoice": Q(state="issued", route=Route.HOST_INVOICE, owed_on=None),
    "to_pay": Q(owed_on__isnull=False, payout=None),
    "ordered": Q(payout__isnull=False, paid_on=None),
    "paid": Q(paid_on__isnull=False),
    "carried": Q(state="issued", route=Route.CARRIED),
    "nothing": Q(state="issued", route=Route.NOTHING),
}


def host_choices(_request: HttpRequest | None) -> QuerySet[Seller]:
    """Site hosts of the operator in scope."""
    rows: QuerySet[Seller] = Seller.objects.filter(is_host=True).order_by("name", "pk")
    return rows


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator in scope."""
    return sites()


def statement_choices(_request: HttpRequest | None) -> QuerySet[Statement]:
    """Statements of the operator in scope."""
    return statements()


class StatementFilter(ListFilterSet):
    """Statements by text, state, document, host, site and period."""

    search_fields = ("public_id", "site__name", "host__name", "host_invoice_number")
    state = ChoiceFilter(method="by_state", label=_("State"), choices=STATES)
    route = ChoiceFilter(label=_("Document"), choices=Route.choices)
    host = ModelChoiceFilter(queryset=host_choices, to_field_name="public_id", label=_("Site host"))
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    period_until_on = DateRange(label=_("Period ends"))

    class Meta:
        model = Statement
        fields: list[str] = []

    def by_state(
        self, queryset: QuerySet[Statement], _name: str, value: str
    ) -> QuerySet[Statement]:
        """By the state as it is shown."""
        return queryset.filter(_WHERE[value])


class StatementTable(ListTable):
    """Statements, the latest period first."""

    host = TitleColumn(
        _("Site host"), detail="statement_detail", key="public_id", order_by="host__name"
    )
    site = LinkColumn(
        _("Site"), detail="site_contract", key="site.public_id", order_by="site__name"
    )
    period_from_on = TextColumn(_("From"))
    period_until_on = TextColumn(_("Until"))
    shown_state = StatusColumn(_("State"), kind="statement", orderable=False)
    route = TextColumn(_("Document"), card_hide=True)
    net = MoneyColumn(_("Net to the host"))
    fee_net = MoneyColumn(_("Fees of the host"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Statement
        fields: tuple[str, ...] = ()


STATEMENTS = ListSpec(
    name="statements",
    title=_("Settlement with hosts"),
    permission=Permission.SETTLEMENT_VIEW,
    queryset=lambda _request: statements(),
    filterset=StatementFilter,
    table=StatementTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("host", "host.name"),
        CsvColumn("host_id", "host.public_id", label=_("Site host (public id)")),
        CsvColumn("organisation_number", "host.organisation_number"),
        CsvColumn("host_is_vat_registered"),
        CsvColumn("site", "site.name"),
        CsvColumn("site_id", "site.public_id", label=_("Site (public id)")),
        CsvColumn("period_from_on"),
        CsvColumn("period_until_on"),
        CsvColumn("shown_state", column="shown_state"),
        CsvColumn("route"),
        CsvColumn("session_count"),
        CsvColumn("energy_wh"),
        CsvColumn("currency"),
        CsvColumn("revenue_net"),
        CsvColumn("credited_net"),
        CsvColumn("net"),
        CsvColumn("tax"),
        CsvColumn("gross"),
        CsvColumn("fee_net"),
        CsvColumn("invoice", "invoice.number", label=_("Self-billing invoice")),
        CsvColumn("host_invoice_number"),
        CsvColumn("issued_on"),
        CsvColumn("paid_on"),
    ),
    empty=EmptyText(
        _("No statement yet"),
        _("Enter terms on a site's contract; when a period is over, its draft stands here."),
        "site_contract_list",
        _("Site contracts"),
        Permission.ACCOUNT_VIEW,
    ),
    search_hint=_("Host, site, invoice"),
    actions=(
        ListAction(
            _("What was counted"), "statement_item_list", icon="list-details",
            permission=Permission.SETTLEMENT_VIEW, primary=False,
        ),
        ListAction(
            _("Payouts to hosts"), "payout_batch_list", icon="arrow-up-right",
            permission=Permission.SETTLEMENT_VIEW, primary=False,
        ),
    ),
)  # fmt: skip


class StatementItemFilter(ListFilterSet):
    """What was counted, by statement, site, day, and whether it came late."""

    search_fields = ("session__public_id", "station__name", "credit_note__number", "key")
    statement = ModelChoiceFilter(
        queryset=statement_choices, to_field_name="public_id", label=_("Statement")
    )
    site = ModelChoiceFilter(
        queryset=site_choices,
        field_name="statement__site",
        to_field_name="public_id",
        label=_("Site"),
    )
    counted_on = DateRange(label=_("Day"))
    is_late = BooleanFilter(label=_("Of earlier periods"))
    is_credit = BooleanFilter(
        field_name="credit_note", lookup_expr="isnull", exclude=True, label=_("Credited")
    )

    class Meta:
        model = StatementItem
        fields: list[str] = []


class StatementItemTable(ListTable):
    """Sessions and costs that were counted."""

    session = LinkColumn(_("Session"), detail="session_detail", key="session.public_id")
    counted_on = TextColumn(_("Day"))
    station = TextColumn(_("Station"), order_by="station__name")
    energy_wh = EnergyColumn(_("Energy"))
    energy_net = MoneyColumn(_("Net of energy"), currency="statement.currency")
    net = MoneyColumn(_("Net revenue"), currency="statement.currency")
    cost = MoneyColumn(_("Cost of energy"), currency="statement.currency")
    credit_note = LinkColumn(
        _("Credit note"),
        detail="invoice_detail",
        key="credit_note.public_id",
        order_by="credit_note__number",
        card_hide=True,
    )
    is_late = StatusColumn(_("Late"), kind="yes_no", card_hide=True)
    statement = LinkColumn(
        _("Statement"), detail="statement_detail", key="statement.public_id", orderable=False
    )

    class Meta(ListTable.Meta):
        model = StatementItem
        fields: tuple[str, ...] = ()


def _kwh(row: Any) -> Any:
    return row.energy_wh / 1000


ITEMS = ListSpec(
    name="statement_items",
    title=_("What was counted"),
    permission=Permission.SETTLEMENT_VIEW,
    queryset=lambda _request: items(),
    filterset=StatementItemFilter,
    table=StatementItemTable,
    csv=(
        CsvColumn("statement", "statement.public_id"),
        CsvColumn("site", "statement.site.name", label=_("Site")),
        CsvColumn("session", "session.public_id"),
        CsvColumn("counted_on"),
        CsvColumn("started_at", "rated_session.started_at", label=_("Started")),
        CsvColumn("stopped_at", "rated_session.stopped_at", label=_("Stopped")),
        CsvColumn("station", "station.name"),
        CsvColumn("energy_kwh", _kwh, column="energy_wh"),
        CsvColumn("sessions"),
        CsvColumn("currency", "statement.currency", label=_("Currency")),
        CsvColumn("energy_net"),
        CsvColumn("net"),
        CsvColumn("cost"),
        CsvColumn("is_late"),
        CsvColumn("credit_note", "credit_note.number"),
    ),
    keys=("key",),
    empty=EmptyText(_("Nothing counted yet"), _("Sessions stand here once a draft counts them.")),
    search_hint=_("Session, station or credit note"),
)
