"""Lists of card payments, and of those that failed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_lists import account_choices
from billing.payments.cards import selectors
from billing.payments.cards.models import CardPayment, CardState, Purpose
from core.accounts.permissions import Permission
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
    RangeFilter,
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


class CardPaymentFilter(ListFilterSet):
    """Card payments by text, account, state, purpose, amount and day."""

    search_fields = ("public_id", "ref", "reference", "description", "account__name")
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )
    state = ChoiceFilter(label=_("State"), choices=CardState.choices)
    purpose = ChoiceFilter(label=_("For"), choices=Purpose.choices)
    is_automatic = BooleanFilter(label=_("Automatic"))
    amount = RangeFilter(label=_("Amount"))
    created_at = DateRange(label=_("Started"))

    class Meta:
        model = CardPayment
        fields: list[str] = []


class CardPaymentTable(ListTable):
    """Card payments, the latest first."""

    public_id = TitleColumn(_("Card payment"), detail="card_payment_detail", key="public_id")
    created_at = MomentColumn(_("Started"))
    account = LinkColumn(
        _("Account"), detail="billing_account_detail", key="account.public_id",
        order_by="account__name",
    )  # fmt: skip
    description = TextColumn(_("Text"), card_hide=True)
    card_label = TextColumn(_("Card"), card_hide=True)
    amount = MoneyColumn(_("Amount"))
    captured_amount = MoneyColumn(_("Collected"))
    state = StatusColumn(_("State"), kind="card_payment")
    failure = TextColumn(_("Why"), accessor="failure_text", orderable=False)

    class Meta(ListTable.Meta):
        model = CardPayment
        fields: tuple[str, ...] = ()


_CSV = (
    CsvColumn("public_id"),
    CsvColumn("created_at"),
    CsvColumn("account", "account.name"),
    CsvColumn("account_id", "account.public_id", label=_("Account (public id)")),
    CsvColumn("seller", "card_account.seller.name", label=_("Seller")),
    CsvColumn("purpose"),
    CsvColumn("is_automatic"),
    CsvColumn("description"),
    CsvColumn("reference"),
    CsvColumn("card_label"),
    CsvColumn("amount"),
    CsvColumn("captured_amount"),
    CsvColumn("currency"),
    CsvColumn("state"),
    CsvColumn("failure_code"),
    CsvColumn("decline_code"),
    CsvColumn("retry_at"),
    CsvColumn("ref"),
    CsvColumn("payment", "payment.public_id", label=_("Payment")),
)


def _list(**values: Any) -> ListSpec:
    return ListSpec(
        permission=Permission.PAYMENT_VIEW,
        filterset=CardPaymentFilter,
        search_hint=_("Account, reference, id at the provider"),
        **values,
    )


CARD_PAYMENTS = _list(
    name="card_payments",
    title=_("Card payments"),
    queryset=lambda _request: selectors.card_payments(),
    table=CardPaymentTable,
    csv=_CSV,
    empty=EmptyText(
        _("No card payment yet"),
        _("Customers pay by card once a seller has an account at a payment provider."),
        "card_settings",
        _("Settings of card payments"),
        Permission.OPERATOR_EDIT,
    ),
    actions=(
        ListAction(_("Failed"), "failed_card_payment_list", icon="alert-triangle", primary=False),
        ListAction(_("Disputes"), "card_dispute_list", icon="flag", primary=False),
        ListAction(_("Payouts"), "card_payout_list", icon="arrow-down-left", primary=False),
        ListAction(_("Webhooks"), "card_event_list", icon="messages", primary=False),
        ListAction(
            _("Settings"),
            "card_settings",
            icon="settings",
            primary=False,
            permission=Permission.OPERATOR_EDIT,
        ),
    ),
)


class FailedTable(CardPaymentTable):
    """What failed, with when it is tried again."""

    retry_at = MomentColumn(_("Tried again"))

    class Meta(CardPaymentTable.Meta):
        exclude = ("captured_amount", "state")
        sequence = ("...", "failure", "retry_at")


FAILED_PAYMENTS = _list(
    name="failed_card_payments",
    title=_("Failed card payments"),
    queryset=lambda _request: selectors.failed_payments(),
    table=FailedTable,
    csv=_CSV,
    empty=EmptyText(
        _("Nothing has failed"),
        _("Payments whose invoices are open still and that nobody is paying stand here."),
        "card_payment_list",
        _("All card payments"),
        Permission.PAYMENT_VIEW,
    ),
)
