"""Tables of the journal and of charts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing.accounting.book_models import ChartAccount
from billing.accounting.models import JournalEntry, Period
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)


class EntryTable(ListTable):
    """The journal, the latest first."""

    number = TitleColumn(_("Number"), detail="journal_detail", key="public_id")
    booked_on = TextColumn(_("Day"))
    kind = TextColumn(_("Kind"))
    document = TextColumn(_("Document"))
    text = TextColumn(_("Text"), card_hide=True)
    account = LinkColumn(
        _("Billing account"),
        detail="billing_account_detail",
        key="account.public_id",
        order_by="account__name",
    )
    total = MoneyColumn(_("Amount"))
    seller = TextColumn(_("Seller"), order_by="seller__name", card_hide=True)

    class Meta(ListTable.Meta):
        model = JournalEntry
        fields: tuple[str, ...] = ()
        order_by = "-booked_on"


class ChartTable(ListTable):
    """Ledger accounts by number."""

    number = TitleColumn(_("Ledger account"), detail="chart_account_edit", key="pk")
    name = TextColumn(_("Name"))
    is_booked = StatusColumn(_("Booked on"), kind="yes_no")
    map_count = TextColumn(_("Rules of the map"), end=True)
    seller = TextColumn(_("Seller"), order_by="seller__name", card_hide=True)

    class Meta(ListTable.Meta):
        model = ChartAccount
        fields: tuple[str, ...] = ()
        order_by = "number"


class PeriodTable(ListTable):
    """Months, the latest first."""

    begins_on = TitleColumn(_("Month"), detail="period_detail", key="public_id")
    seller = TextColumn(_("Seller"), order_by="seller__name")
    state = StatusColumn(_("State"), kind="period")
    closed_at = MomentColumn(_("Closed"))
    closed_by_label = TextColumn(_("Closed by"))

    class Meta(ListTable.Meta):
        model = Period
        fields: tuple[str, ...] = ()
        order_by = "-begins_on"
