"""The list of payout batches."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.settlement.payout_models import BatchState, PayoutBatch
from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import (
    ListTable,
    MomentColumn,
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)


def batches() -> QuerySet[PayoutBatch]:
    """All batches of the operator in scope, the latest first, without their files."""
    rows: QuerySet[PayoutBatch] = PayoutBatch.objects.select_related("seller", "operator")
    return rows.defer("content").order_by("-created_at", "-id")


class PayoutBatchFilter(ListFilterSet):
    """Batches by text, state and day."""

    search_fields = ("public_id", "seller__name", "payouts__host__name")
    state = ChoiceFilter(label=_("State"), choices=BatchState.choices)
    pay_on = DateRange(label=_("Pay on"))

    class Meta:
        model = PayoutBatch
        fields: list[str] = []


class PayoutBatchTable(ListTable):
    """Batches, the latest first."""

    public_id = TitleColumn(_("Batch"), detail="payout_batch_detail", key="public_id")
    seller = TextColumn(_("Paid by"), order_by="seller__name")
    state = StatusColumn(_("State"), kind="payout_batch")
    pay_on = TextColumn(_("Pay on"))
    payout_count = TextColumn(_("Hosts"), end=True)
    amount = MoneyColumn(_("Goes out"))
    set_off_amount = MoneyColumn(_("Set off"), card_hide=True)
    created_at = MomentColumn(_("Proposed"), card_hide=True)

    class Meta(ListTable.Meta):
        model = PayoutBatch
        fields: tuple[str, ...] = ()


BATCHES = ListSpec(
    name="payout_batches",
    title=_("Payouts to hosts"),
    permission=Permission.SETTLEMENT_VIEW,
    queryset=lambda _request: batches(),
    filterset=PayoutBatchFilter,
    table=PayoutBatchTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("seller", "seller.name"),
        CsvColumn("state"),
        CsvColumn("pay_on"),
        CsvColumn("payout_count"),
        CsvColumn("amount"),
        CsvColumn("set_off_amount"),
        CsvColumn("currency"),
        CsvColumn("proposed_label"),
        CsvColumn("approved_label"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("Nothing paid out yet"),
        _("A batch takes all that is owed to hosts, but what is below their least payout."),
        "payout_batch_create",
        _("Propose a batch"),
        Permission.SETTLEMENT_EDIT,
    ),
    search_hint=_("Batch or host"),
    actions=(
        ListAction(
            _("Propose a batch"), "payout_batch_create", permission=Permission.SETTLEMENT_EDIT
        ),
    ),
)
