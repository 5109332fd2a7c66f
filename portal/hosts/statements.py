"""Statements as hosts see them: issued ones of their sites, made out to who is host there now."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import holding_on, operator_day
from billing.sellers.models import SiteContract
from billing.settlement.lists import StatementFilter
from billing.settlement.models import Statement, StatementState
from billing.settlement.selectors import statements
from core.accounts.middleware import operator_of
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import (
    EnergyColumn,
    ListTable,
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.lists.views import list_view


def host_statements(operator: Operator) -> QuerySet[Statement]:
    """Issued statements of the sites in scope. Of an earlier host of a site nothing is shown."""
    contracts = SiteContract.objects.filter(holding_on(operator_day(operator)), host__isnull=False)
    hosts = contracts.order_by().values("host_id")
    return statements().filter(state=StatementState.ISSUED, host_id__in=hosts)


class HostStatementFilter(StatementFilter):
    """By state, document, site and period; the host is who looks."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        del self.filters["host"]


class HostStatementTable(ListTable):
    """Statements, the latest period first."""

    period_until_on = TitleColumn(_("Period ends"), detail="host_statement_detail", key="public_id")
    site = TextColumn(_("Site"), order_by="site__name")
    host = TextColumn(_("Site host"), order_by="host__name")
    shown_state = StatusColumn(_("State"), kind="statement", orderable=False)
    route = TextColumn(_("Document"), card_hide=True)
    session_count = TextColumn(_("Sessions"), end=True)
    energy_wh = EnergyColumn(_("Energy"))
    net = MoneyColumn(_("Net to the host"))
    gross = MoneyColumn(_("To pay"))

    class Meta(ListTable.Meta):
        model = Statement
        fields: tuple[str, ...] = ()


HOST_STATEMENTS = ListSpec(
    name="host_statements",
    title=_("Statements"),
    permission=Permission.HOST_VIEW,
    queryset=lambda request: host_statements(operator_of(request)),
    filterset=HostStatementFilter,
    table=HostStatementTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("site", "site.name"),
        CsvColumn("host", "host.name"),
        CsvColumn("period_from_on"),
        CsvColumn("period_until_on"),
        CsvColumn("shown_state", column="shown_state"),
        CsvColumn("route"),
        CsvColumn("session_count"),
        CsvColumn("energy_kwh", lambda row: row.energy_wh / Decimal(1000), column="energy_wh"),
        CsvColumn("currency"),
        CsvColumn("revenue_net"),
        CsvColumn("credited_net"),
        CsvColumn("net"),
        CsvColumn("tax"),
        CsvColumn("gross"),
        CsvColumn("fee_net"),
        CsvColumn("invoice", "invoice.number", label=_("Self-billing invoice")),
        CsvColumn("issued_on"),
        CsvColumn("paid_on"),
    ),
    empty=EmptyText(
        _("No statement yet"), _("When a period is settled, its statement stands here.")
    ),
    search_hint=_("Site"),
)
host_statement_list = list_view(HOST_STATEMENTS)
