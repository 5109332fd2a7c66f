"""Lists of payments and refunds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_lists import account_choices
from billing.payments import selectors
from billing.payments.models import Payment, PaymentSource, Refund, RefundState
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
from core.lists.tables import LinkColumn, ListTable, StatusColumn, TextColumn, TitleColumn
from core.ui import units


class PaymentFilter(ListFilterSet):
    """Payments by text, account, source, day, amount, and whether the payer is known."""

    search_fields = ("public_id", "payer_name", "reference", "account__name", "note")
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )
    source = ChoiceFilter(label=_("Source"), choices=PaymentSource.choices)
    booked_on = DateRange(label=_("Booked"))
    amount = RangeFilter(label=_("Amount"))
    unknown = BooleanFilter(field_name="account", lookup_expr="isnull", label=_("Payer is unknown"))

    class Meta:
        model = Payment
        fields: list[str] = []


class PaymentTable(ListTable):
    """Payments, the latest first."""

    public_id = TitleColumn(_("Payment"), detail="payment_detail", key="public_id")
    booked_on = TextColumn(_("Booked"))
    account = LinkColumn(
        _("Account"),
        detail="billing_account_detail",
        key="account.public_id",
        order_by="account__name",
    )
    payer_name = TextColumn(_("Payer"), card_hide=True)
    source = TextColumn(_("Source"))
    amount = TextColumn(_("Amount"), end=True)
    rest = TextColumn(_("Left"), end=True)
    state = StatusColumn(_("State"), kind="payment", accessor="shown_state", orderable=False)

    class Meta(ListTable.Meta):
        model = Payment
        fields: tuple[str, ...] = ()

    def render_amount(self, record: Any) -> str:
        """With its currency."""
        return units.money(record.amount, record.currency)

    def render_rest(self, record: Any) -> str:
        """What is credit, or nobody's; nothing of what was taken back."""
        return units.money(record.rest, record.currency)


PAYMENTS = ListSpec(
    name="payments",
    title=_("Payments"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: selectors.payments(),
    filterset=PaymentFilter,
    table=PaymentTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("booked_on"),
        CsvColumn("source"),
        CsvColumn("account", "account.name"),
        CsvColumn("account_id", "account.public_id", label=_("Account (public id)")),
        CsvColumn("payer_name"),
        CsvColumn("reference"),
        CsvColumn("amount"),
        CsvColumn("currency"),
        CsvColumn("rest", label=_("Left")),
        CsvColumn("state", "shown_state", label=_("State")),
        CsvColumn("transaction", "transaction.public_id", label=_("Bank transaction")),
        CsvColumn("note"),
    ),
    empty=EmptyText(
        _("No payment yet"),
        _("Payments come with the files of your bank, or are entered by hand."),
        "payment_create",
        _("Enter a payment"),
        Permission.PAYMENT_EDIT,
    ),
    search_hint=_("Payer, reference, account"),
    actions=(
        ListAction(_("Enter a payment"), "payment_create", permission=Permission.PAYMENT_EDIT),
    ),
)


class RefundFilter(ListFilterSet):
    """Refunds by text, account and state."""

    search_fields = ("public_id", "name", "account__name", "reason")
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )
    state = ChoiceFilter(label=_("State"), choices=RefundState.choices)

    class Meta:
        model = Refund
        fields: list[str] = []


class RefundTable(ListTable):
    """Refunds, the latest first."""

    public_id = TitleColumn(_("Refund"), detail="refund_detail", key="public_id")
    account = LinkColumn(
        _("Account"),
        detail="billing_account_detail",
        key="account.public_id",
        order_by="account__name",
    )
    amount = TextColumn(_("Amount"), end=True)
    pay_on = TextColumn(_("Pay on"))
    state = StatusColumn(_("State"), kind="refund")
    reason = TextColumn(_("Why"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Refund
        fields: tuple[str, ...] = ()

    def render_amount(self, record: Refund) -> str:
        """With its currency."""
        return units.money(record.amount, record.currency)


REFUNDS = ListSpec(
    name="refunds",
    title=_("Refunds"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: selectors.refunds(),
    filterset=RefundFilter,
    table=RefundTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("account", "account.name"),
        CsvColumn("amount"),
        CsvColumn("currency"),
        CsvColumn("name"),
        CsvColumn("iban"),
        CsvColumn("bankgiro"),
        CsvColumn("state"),
        CsvColumn("pay_on"),
        CsvColumn("paid_on"),
        CsvColumn("payout_file", "payout_file.public_id"),
        CsvColumn("reason"),
    ),
    empty=EmptyText(
        _("No refund yet"),
        _("What a customer has paid too much is given back from the page of the payment."),
        "payment_list",
        _("Payments"),
        Permission.PAYMENT_VIEW,
    ),
    search_hint=_("Payee, account, reason"),
    actions=(
        ListAction(
            _("Make a payout file"),
            "payout_file_create",
            icon="send",
            permission=Permission.PAYMENT_EDIT,
        ),
    ),
)
