"""The lists of invoices, billing runs and manual items: filters, tables, files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.accounts.selectors import accounts
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.run_models import BillingRun, ManualItem, ManualKind, RunState
from billing.invoices.selectors import invoices, manual_items, runs
from billing.sellers.models import Seller
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

BILLED = [("no", _("Not on an invoice")), ("yes", _("On an invoice"))]


def account_choices(_request: HttpRequest | None) -> QuerySet[BillingAccount]:
    """Accounts of the operator in scope."""
    return accounts()


def seller_choices(_request: HttpRequest | None) -> QuerySet[Seller]:
    """Sellers of the operator in scope."""
    rows: QuerySet[Seller] = Seller.objects.order_by("name", "pk")
    return rows


def run_choices(_request: HttpRequest | None) -> QuerySet[BillingRun]:
    """Runs of the operator in scope."""
    return runs()


class InvoiceFilter(ListFilterSet):
    """Documents by text, kind, state, account, seller, run, days, sums and dispute."""

    search_fields = ("number", "ocr", "public_id", "account__name", "account__public_id")
    kind = ChoiceFilter(label=_("Kind"), choices=InvoiceKind.choices)
    state = ChoiceFilter(label=_("State"), choices=InvoiceState.choices)
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )
    seller = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Seller")
    )
    run = ModelChoiceFilter(queryset=run_choices, to_field_name="public_id", label=_("Billing run"))
    issued = DateRange(field_name="issued_on", label=_("Issued"))
    due = DateRange(field_name="due_on", label=_("Due date"))
    gross = RangeFilter(label=_("Gross"))
    disputed = BooleanFilter(field_name="is_disputed", label=_("Disputed"))

    class Meta:
        model = Invoice
        fields: list[str] = []


class AmountColumn(TextColumn):
    """An amount in the currency of its row."""

    def render(self, value: Any, record: Any) -> str:
        """With the currency beside it."""
        return units.money(value, record.currency)


class InvoiceTable(ListTable):
    """Documents, drafts first, then the newest."""

    number = TitleColumn(
        _("Number"), detail="invoice_detail", key="public_id", accessor="shown_number",
        order_by="number",
    )  # fmt: skip
    state = StatusColumn(_("State"), kind="invoice")
    kind = TextColumn(_("Kind"), card_hide=True)
    account = LinkColumn(
        _("Account"),
        detail="billing_account_detail",
        key="account.public_id",
        order_by="account__name",
    )
    seller = TextColumn(_("Seller"), card_hide=True, order_by="seller__name")
    issued_on = TextColumn(_("Issued"))
    due_on = TextColumn(_("Due date"))
    gross = AmountColumn(_("Gross"), end=True)
    open_amount = AmountColumn(_("Left to pay"), end=True)
    ocr = TextColumn(_("OCR"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Invoice
        fields: tuple[str, ...] = ()

    def value_kind(self, record: Invoice) -> str:
        """The stored word, in files."""
        return record.kind


INVOICES = ListSpec(
    name="invoices",
    title=_("Invoices"),
    permission=Permission.INVOICE_VIEW,
    queryset=lambda _request: invoices(),
    filterset=InvoiceFilter,
    table=InvoiceTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("number"),
        CsvColumn("kind"),
        CsvColumn("state"),
        CsvColumn("account", "account.public_id"),
        CsvColumn("account_name", "account.name", "account"),
        CsvColumn("seller", "seller.public_id"),
        CsvColumn("issued_on"),
        CsvColumn("due_on"),
        CsvColumn("supply_from_on"),
        CsvColumn("supply_until_on"),
        CsvColumn("currency"),
        CsvColumn("net"),
        CsvColumn("tax"),
        CsvColumn("gross"),
        CsvColumn("rounding"),
        CsvColumn("payable"),
        CsvColumn("paid_amount"),
        CsvColumn("credited_amount"),
        CsvColumn("written_off_amount"),
        CsvColumn("open_amount"),
        CsvColumn("ocr"),
        CsvColumn("is_disputed"),
        CsvColumn("original", "original.number", label=_("Original invoice")),
        CsvColumn("reason"),
    ),
    empty=EmptyText(
        _("No invoice yet"),
        _("A billing run makes drafts of all that is to be invoiced."),
        "billing_run_create",
        _("Start a billing run"),
        Permission.INVOICE_EDIT,
    ),
    search_hint=_("Number, OCR or account"),
    actions=(
        ListAction(_("Start a billing run"), "billing_run_create", "plus", Permission.INVOICE_EDIT),
    ),
)


class RunFilter(ListFilterSet):
    """Runs by text, seller and state."""

    search_fields = ("public_id", "seller__name", "started_label")
    seller = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Seller")
    )
    state = ChoiceFilter(label=_("State"), choices=RunState.choices)
    until = DateRange(field_name="period_until_on", label=_("Last day"))

    class Meta:
        model = BillingRun
        fields: list[str] = []


class RunTable(ListTable):
    """Runs, the newest first."""

    public_id = TitleColumn(_("Billing run"), detail="billing_run_detail", key="public_id")
    state = StatusColumn(_("State"), kind="billing_run")
    seller = TextColumn(_("Seller"), order_by="seller__name")
    scope = TextColumn(_("Accounts"), card_hide=True)
    period_from_on = TextColumn(_("From"))
    period_until_on = TextColumn(_("Last day"))
    draft_count = TextColumn(_("Drafts"), end=True)
    invoice_count = TextColumn(_("Invoices"), end=True)
    carried_count = TextColumn(_("Carried over"), end=True, card_hide=True)
    sums = TextColumn(_("Gross"), end=True, orderable=False)

    class Meta(ListTable.Meta):
        model = BillingRun
        fields: tuple[str, ...] = ()

    def render_sums(self, value: dict[str, str]) -> str:
        """Each currency."""
        return ", ".join(units.money(total, currency) for currency, total in value.items()) or "–"


RUNS = ListSpec(
    name="billing_runs",
    title=_("Billing runs"),
    permission=Permission.INVOICE_VIEW,
    queryset=lambda _request: runs(),
    filterset=RunFilter,
    table=RunTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("seller", "seller.public_id"),
        CsvColumn("scope"),
        CsvColumn("period_from_on"),
        CsvColumn("period_until_on"),
        CsvColumn("state"),
        CsvColumn("draft_count"),
        CsvColumn("invoice_count"),
        CsvColumn("item_count"),
        CsvColumn("carried_count"),
        CsvColumn("started_label"),
        CsvColumn("created_at"),
        CsvColumn("finished_at"),
    ),
    empty=EmptyText(
        _("No billing run yet"),
        _("A run makes drafts of all that a seller has to invoice up to a day."),
        "billing_run_create",
        _("Start a billing run"),
        Permission.INVOICE_EDIT,
    ),
    actions=(
        ListAction(_("Start a billing run"), "billing_run_create", "plus", Permission.INVOICE_EDIT),
    ),
)


class ManualFilter(ListFilterSet):
    """Items entered by hand by text, account, kind, and whether an invoice bills them."""

    search_fields = ("description", "public_id", "account__name", "note")
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )
    kind = ChoiceFilter(label=_("Kind"), choices=ManualKind.choices)
    billed = ChoiceFilter(method="by_billed", label=_("Invoiced"), choices=BILLED)

    class Meta:
        model = ManualItem
        fields: list[str] = []

    def by_billed(
        self, queryset: QuerySet[ManualItem], _name: str, value: str
    ) -> QuerySet[ManualItem]:
        """On an invoice or draft, or waiting."""
        return queryset.filter(invoice_items__isnull=value == "no")


class ManualTable(ListTable):
    """Items, the latest first."""

    description = TitleColumn(_("Text"), detail="manual_item_detail", key="public_id")
    account = LinkColumn(
        _("Account"),
        detail="billing_account_detail",
        key="account.public_id",
        order_by="account__name",
    )
    kind = TextColumn(_("Kind"), card_hide=True)
    due_on = TextColumn(_("Due from"))
    quantity = TextColumn(_("Quantity"), end=True)
    unit_price = AmountColumn(_("Price"), end=True)
    invoice_number = TextColumn(_("Invoice"), order_by="invoice_number")

    class Meta(ListTable.Meta):
        model = ManualItem
        fields: tuple[str, ...] = ()


MANUAL_ITEMS = ListSpec(
    name="manual_items",
    title=_("Manual items"),
    permission=Permission.INVOICE_VIEW,
    queryset=lambda _request: manual_items(),
    filterset=ManualFilter,
    table=ManualTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("account", "account.public_id"),
        CsvColumn("seller", "seller.public_id"),
        CsvColumn("kind"),
        CsvColumn("description"),
        CsvColumn("due_on"),
        CsvColumn("quantity"),
        CsvColumn("unit"),
        CsvColumn("unit_price"),
        CsvColumn("currency"),
        CsvColumn("is_tax_included"),
        CsvColumn("tax_percent"),
        CsvColumn("cost_centre"),
        CsvColumn("revenue_account"),
        CsvColumn("invoice_number", label=_("Invoice")),
        CsvColumn("note"),
    ),
    empty=EmptyText(
        _("No manual item yet"),
        _("What is neither a session nor a fee is entered by hand, for the next invoice."),
        "manual_item_create",
        _("Enter an item"),
        Permission.INVOICE_EDIT,
    ),
    actions=(
        ListAction(_("Enter an item"), "manual_item_create", "plus", Permission.INVOICE_EDIT),
    ),
)
