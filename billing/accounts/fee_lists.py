"""The list of fees: filter, table, files."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_models import Fee, FeeKind, Recurrence, SubjectKind
from billing.accounts.fee_selectors import fees
from billing.accounts.models import BillingAccount
from billing.accounts.selectors import accounts
from core.accounts.permissions import Permission
from core.lists.filters import CharFilter, ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import LinkColumn, ListTable, TextColumn, TitleColumn
from core.tenancy.today import operator_today

STATES = [("running", _("Running")), ("planned", _("Planned")), ("past", _("Past"))]


def account_choices(_request: HttpRequest | None) -> QuerySet[BillingAccount]:
    """Accounts of the operator in scope."""
    return accounts()


class FeeFilter(ListFilterSet):
    """Fees by text, account, kind, recurrence, what they are for, and whether they run today."""

    search_fields = ("name", "account__name", "subject_label", "subject_ref", "public_id")
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )
    kind = ChoiceFilter(label=_("Kind"), choices=FeeKind.choices)
    recurrence = ChoiceFilter(label=_("Recurrence"), choices=Recurrence.choices)
    state = ChoiceFilter(method="by_state", label=_("State"), choices=STATES)
    subject_kind = ChoiceFilter(label=_("For"), choices=SubjectKind.choices)
    subject_ref = CharFilter(label=_("Id of what it is for"))

    class Meta:
        model = Fee
        fields: list[str] = []

    def by_state(self, queryset: QuerySet[Fee], _name: str, value: str) -> QuerySet[Fee]:
        """Of today: a one-off runs on its day alone."""
        today = operator_today()
        if value == "planned":
            return queryset.filter(starts_on__gt=today)
        past = Q(ends_on__lt=today) | Q(recurrence=Recurrence.ONCE, starts_on__lt=today)
        begun = queryset.filter(starts_on__lte=today)
        return begun.filter(past) if value == "past" else begun.exclude(past)


class FeeTable(ListTable):
    """Fees, the latest first."""

    name = TitleColumn(_("Fee"), detail="fee_detail", key="public_id")
    account = LinkColumn(
        _("Account"),
        detail="billing_account_detail",
        key="account.public_id",
        order_by="account__name",
    )
    kind = TextColumn(_("Kind"))
    recurrence = TextColumn(_("Recurrence"))
    amount = TextColumn(_("Amount"), end=True)
    currency = TextColumn(_("Currency"))
    starts_on = TextColumn(_("First day"))
    ends_on = TextColumn(_("Last day"))
    subject_label = TextColumn(_("For"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Fee
        fields: tuple[str, ...] = ()
        order_by = "-starts_on"


FEES = ListSpec(
    name="fees",
    title=_("Fees"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda _request: fees(),
    filterset=FeeFilter,
    table=FeeTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("account", "account.name"),
        CsvColumn("account_id", "account.public_id", label=_("Account (public id)")),
        CsvColumn("kind"),
        CsvColumn("name"),
        CsvColumn("recurrence"),
        CsvColumn("amount"),
        CsvColumn("currency"),
        CsvColumn("is_tax_included"),
        CsvColumn("tax_percent"),
        CsvColumn("revenue_account"),
        CsvColumn("seller_ref", label=_("Seller (public id)")),
        CsvColumn("starts_on"),
        CsvColumn("ends_on"),
        CsvColumn("subject_kind"),
        CsvColumn("subject_ref"),
        CsvColumn("subject_label"),
        CsvColumn("note"),
    ),
    empty=EmptyText(
        _("No fee yet"),
        _("Fees are added on the page of the account that pays them."),
        "billing_account_list",
        _("Billing accounts"),
        Permission.ACCOUNT_VIEW,
    ),
    search_hint=_("Text, account, or what it is for"),
)
