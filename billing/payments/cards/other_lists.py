"""Lists of disputes, webhooks and payouts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing.payments.cards import selectors
from billing.payments.cards.event_models import (
    CardPayout,
    CardPayoutState,
    EventState,
    ProviderEvent,
)
from billing.payments.cards.models import CardDispute, DisputeState
from core.accounts.permissions import Permission
from core.lists.filters import BooleanFilter, ChoiceFilter, DateRange, ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    MoneyColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)


class DisputeFilter(ListFilterSet):
    """Disputes by text, state and day."""

    search_fields = ("public_id", "ref", "reason", "card_payment__account__name")
    state = ChoiceFilter(label=_("State"), choices=DisputeState.choices)
    opened_at = DateRange(label=_("Opened"))

    class Meta:
        model = CardDispute
        fields: list[str] = []


class DisputeTable(ListTable):
    """Disputes, the latest first."""

    public_id = TitleColumn(_("Dispute"), detail="card_dispute_detail", key="public_id")
    opened_at = MomentColumn(_("Opened"))
    card_payment = LinkColumn(
        _("Card payment"), detail="card_payment_detail", key="card_payment.public_id"
    )
    customer = TextColumn(
        _("Account"), accessor="card_payment__account__name", order_by="card_payment__account__name"
    )
    reason = TextColumn(_("The bank's reason"))
    amount = MoneyColumn(_("Amount"))
    state = StatusColumn(_("State"), kind="card_dispute")
    respond_by_at = MomentColumn(_("Answer before"))

    class Meta(ListTable.Meta):
        model = CardDispute
        fields: tuple[str, ...] = ()


DISPUTES = ListSpec(
    name="card_disputes",
    title=_("Disputes"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: selectors.disputes(),
    filterset=DisputeFilter,
    table=DisputeTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("ref"),
        CsvColumn("opened_at"),
        CsvColumn("card_payment", "card_payment.public_id"),
        CsvColumn("account", "card_payment.account.name", column="customer"),
        CsvColumn("reason"),
        CsvColumn("amount"),
        CsvColumn("currency"),
        CsvColumn("state"),
        CsvColumn("respond_by_at"),
        CsvColumn("closed_at"),
        CsvColumn("note"),
    ),
    empty=EmptyText(_("No dispute"), _("When a customer's bank wants money back, it stands here.")),
    search_hint=_("Account, reason, id"),
)


class EventFilter(ListFilterSet):
    """Webhooks by text, state and day."""

    search_fields = ("ref", "kind", "object_ref")
    state = ChoiceFilter(label=_("State"), choices=EventState.choices)
    received_at = DateRange(label=_("Received"))

    class Meta:
        model = ProviderEvent
        fields: list[str] = []


class EventTable(ListTable):
    """Webhooks, the latest first."""

    kind = TitleColumn(_("Event"), detail="card_event_detail", key="pk")
    received_at = MomentColumn(_("Received"), seconds=True)
    seller = TextColumn(_("Seller"), accessor="card_account__seller__name", orderable=False)
    object_ref = TextColumn(_("Object"), card_hide=True)
    times = TextColumn(_("Times received"), end=True, card_hide=True)
    attempts = TextColumn(_("Tries"), end=True, card_hide=True)
    state = StatusColumn(_("State"), kind="card_event")
    error = TextColumn(_("Error"), card_hide=True)

    class Meta(ListTable.Meta):
        model = ProviderEvent
        fields: tuple[str, ...] = ()


EVENTS = ListSpec(
    name="card_events",
    title=_("Webhooks of card providers"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: selectors.events(),
    filterset=EventFilter,
    table=EventTable,
    csv=(
        CsvColumn("ref"),
        CsvColumn("kind"),
        CsvColumn("object_ref"),
        CsvColumn("made_at"),
        CsvColumn("received_at"),
        CsvColumn("times"),
        CsvColumn("attempts"),
        CsvColumn("state"),
        CsvColumn("applied_at"),
        CsvColumn("error"),
    ),
    empty=EmptyText(
        _("No webhook yet"),
        _("What a provider tells by webhook is kept here as it came."),
        "card_settings",
        _("Settings of card payments"),
        Permission.OPERATOR_EDIT,
    ),
    keys=("ref",),
    search_hint=_("Event, id"),
)


class CardPayoutFilter(ListFilterSet):
    """Payouts by text, state, day, and whether the bank's files show them."""

    search_fields = ("public_id", "ref", "card_account__seller__name")
    state = ChoiceFilter(label=_("State"), choices=CardPayoutState.choices)
    arrives_on = DateRange(label=_("At the bank"))
    missing = BooleanFilter(
        field_name="bank_transaction", lookup_expr="isnull", label=_("Not seen at the bank")
    )

    class Meta:
        model = CardPayout
        fields: list[str] = []


class CardPayoutTable(ListTable):
    """Payouts, the latest first."""

    public_id = TitleColumn(_("Payout"), detail="card_payout_detail", key="public_id")
    arrives_on = TextColumn(_("At the bank"))
    seller = TextColumn(_("Seller"), accessor="card_account__seller__name", orderable=False)
    gross = MoneyColumn(_("Before fees"))
    fee = MoneyColumn(_("Fees"))
    amount = MoneyColumn(_("Amount"))
    state = StatusColumn(_("State"), kind="card_payout")
    bank_transaction = LinkColumn(
        _("Bank transaction"), detail="bank_transaction_detail", key="bank_transaction.public_id"
    )

    class Meta(ListTable.Meta):
        model = CardPayout
        fields: tuple[str, ...] = ()


CARD_PAYOUTS = ListSpec(
    name="card_payouts",
    title=_("Payouts of card providers"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: selectors.payouts(),
    filterset=CardPayoutFilter,
    table=CardPayoutTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("ref"),
        CsvColumn("seller", "card_account.seller.name"),
        CsvColumn("arrives_on"),
        CsvColumn("gross"),
        CsvColumn("fee"),
        CsvColumn("amount"),
        CsvColumn("currency"),
        CsvColumn("state"),
        CsvColumn("bank_transaction", "bank_transaction.public_id"),
    ),
    empty=EmptyText(
        _("No payout yet"), _("What a provider sends to your bank is read every half hour.")
    ),
    search_hint=_("Id, seller"),
)
