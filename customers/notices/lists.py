"""The list of what payers were told by mail."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn
from customers.notices.models import NoticeKind, NoticeState, PayerNotice
from customers.notices.selectors import notices


def account_choices(_request: HttpRequest | None) -> QuerySet[BillingAccount]:
    """Accounts of the operator in scope."""
    rows: QuerySet[BillingAccount] = BillingAccount.objects.order_by("name", "pk")
    return rows


class PayerNoticeFilter(ListFilterSet):
    """Mails by text, kind, state, account and day."""

    search_fields = ("address", "ref", "account__name", "error")
    kind = ChoiceFilter(label=_("About"), choices=NoticeKind.choices)
    state = ChoiceFilter(label=_("State"), choices=NoticeState.choices)
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Billing account")
    )
    created_at = DateRange(label=_("Written down"))

    class Meta:
        model = PayerNotice
        fields: list[str] = []


class PayerNoticeTable(ListTable):
    """Mails to payers, the latest first."""

    account = TitleColumn(
        _("Billing account"), detail="billing_account_detail", key="account.public_id",
        order_by="account__name",
    )  # fmt: skip
    created_at = MomentColumn(_("Written down"))
    kind = TextColumn(_("About"))
    ref = TextColumn(_("Reference"), card_hide=True)
    address = TextColumn(_("To"))
    state = StatusColumn(_("State"), kind="payer_notice")
    sent_at = MomentColumn(_("Sent"))
    error = TextColumn(_("Why not"), accessor="why_not", orderable=False)

    class Meta(ListTable.Meta):
        model = PayerNotice
        fields: tuple[str, ...] = ()


PAYER_NOTICES = ListSpec(
    name="payer-notices",
    title=_("Mails to payers"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda _request: notices(),
    filterset=PayerNoticeFilter,
    table=PayerNoticeTable,
    csv=(
        CsvColumn("created_at"),
        CsvColumn("kind"),
        CsvColumn("ref"),
        CsvColumn("account", "account.name", column="account"),
        CsvColumn("account_id", "account.public_id", label=_("Account (public id)")),
        CsvColumn("address"),
        CsvColumn("language"),
        CsvColumn("state"),
        CsvColumn("sent_at"),
        CsvColumn("next_at"),
        CsvColumn("error"),
    ),
    empty=EmptyText(
        _("Nothing told yet"),
        _("Mails about failed payments, cards that expire and new invoices stand here."),
    ),
    search_hint=_("Address, reference or account"),
)
