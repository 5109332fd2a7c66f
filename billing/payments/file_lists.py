"""Lists of bank files and of their transactions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing.payments import file_selectors
from billing.payments.bank_models import (
    BankFile,
    BankFormat,
    BankTransaction,
    Direction,
    TransactionState,
)
from core.accounts.permissions import Permission
from core.lists.filters import CharFilter, ChoiceFilter, DateRange, ListFilterSet, RangeFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn
from core.ui import units


class BankFileFilter(ListFilterSet):
    """Files by name, account, format and day."""

    search_fields = ("file_name", "file_id", "public_id")
    bank_format = ChoiceFilter(label=_("Format"), field_name="format", choices=BankFormat.choices)
    brought = DateRange(label=_("Brought"), field_name="created_at")

    class Meta:
        model = BankFile
        fields: list[str] = []


class BankFileTable(ListTable):
    """Files, the latest first."""

    file_name = TitleColumn(_("File"), detail="bank_file_detail", key="public_id")
    format = TextColumn(_("Format"))
    created_at = MomentColumn(_("Brought"))
    transaction_count = TextColumn(_("Transactions"), end=True)
    waiting = TextColumn(_("To be sorted out"), end=True)
    user_label = TextColumn(_("By"), card_hide=True)

    class Meta(ListTable.Meta):
        model = BankFile
        fields: tuple[str, ...] = ()


BRING = ListAction(
    _("Bring a bank file"), "bank_file_create", icon="upload", permission=Permission.PAYMENT_EDIT
)

BANK_FILES = ListSpec(
    name="bank-files",
    title=_("Bank files"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: file_selectors.bank_files(),
    filterset=BankFileFilter,
    table=BankFileTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("file_name"),
        CsvColumn("format"),
        CsvColumn("accounts", lambda row: " ".join(row.accounts)),
        CsvColumn("created_at"),
        CsvColumn("transaction_count"),
        CsvColumn("known_count"),
        CsvColumn("waiting", label=_("To be sorted out")),
        CsvColumn("sha256"),
        CsvColumn("user_label"),
    ),
    empty=EmptyText(
        _("No bank file yet"),
        _("Bring the file of incoming payments that your bank delivers; payments are booked on "
          "the invoices that they name."),
        "bank_file_create",
        _("Bring a bank file"),
        Permission.PAYMENT_EDIT,
    ),
    search_hint=_("File name or id"),
    actions=(BRING,),
)  # fmt: skip


class TransactionFilter(ListFilterSet):
    """Transactions by text, state, direction, file, day and amount."""

    search_fields = ("payer_name", "text", "bank_id", "references", "public_id", "payer_account")
    state = ChoiceFilter(label=_("State"), choices=TransactionState.choices)
    direction = ChoiceFilter(label=_("Direction"), choices=Direction.choices)
    file = CharFilter(label=_("Bank file (id)"), field_name="bank_file__public_id")
    booked_on = DateRange(label=_("Booked"))
    amount = RangeFilter(label=_("Amount"))

    class Meta:
        model = BankTransaction
        fields: list[str] = []


class TransactionTable(ListTable):
    """Transactions, the latest first."""

    payer_name = TitleColumn(
        _("Payer"), detail="bank_transaction_detail", key="public_id", empty_values=()
    )
    booked_on = TextColumn(_("Booked"))
    direction = TextColumn(_("Direction"))
    amount = TextColumn(_("Amount"), end=True)
    references = TextColumn(_("References"), orderable=False)
    state = StatusColumn(_("State"), kind="bank_transaction")
    bank_file = TextColumn(_("Bank file"), card_hide=True, order_by="bank_file__file_name")

    class Meta(ListTable.Meta):
        model = BankTransaction
        fields: tuple[str, ...] = ()

    def render_payer_name(self, record: BankTransaction) -> str:
        """The name, or what the bank calls the transaction."""
        column: TitleColumn = self.base_columns["payer_name"]
        shown = record.payer_name or record.bank_id or record.public_id
        return column.render(shown, record)

    def render_amount(self, record: BankTransaction) -> str:
        """Money that went out or back has a minus."""
        return units.money(file_selectors.signed(record), record.currency)

    def render_references(self, value: list[str]) -> str:
        """Beside each other."""
        return ", ".join(value) or "–"


TRANSACTIONS = ListSpec(
    name="bank-transactions",
    title=_("Bank transactions"),
    permission=Permission.PAYMENT_VIEW,
    queryset=lambda _request: file_selectors.transactions(),
    filterset=TransactionFilter,
    table=TransactionTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("booked_on"),
        CsvColumn("bank_account"),
        CsvColumn("bank_id"),
        CsvColumn("direction"),
        CsvColumn("amount"),
        CsvColumn("currency"),
        CsvColumn("payer_name"),
        CsvColumn("payer_account"),
        CsvColumn("references", lambda row: " ".join(row.references)),
        CsvColumn("text"),
        CsvColumn("state"),
        CsvColumn("note"),
        CsvColumn("bank_file", "bank_file.file_name"),
    ),
    empty=EmptyText(
        _("No bank transaction yet"),
        _("They come with the files of your bank."),
        "bank_file_create",
        _("Bring a bank file"),
        Permission.PAYMENT_EDIT,
    ),
    search_hint=_("Payer, reference, message"),
    actions=(BRING,),
)
