"""The lists of export profiles and of files that were made."""

from __future__ import annotations

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.accounting.exports.models import (
    ExportProfile,
    ExportReceipt,
    FileFormat,
    Preset,
)
from billing.accounting.filters import seller_choices
from core.accounts.permissions import Permission
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
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


def profiles() -> QuerySet[ExportProfile]:
    """Profiles of the operator in scope, by name."""
    rows: QuerySet[ExportProfile] = ExportProfile.objects.select_related("seller__operator")
    return rows.annotate(
        file_count=Count("receipts"), last_made_at=Max("receipts__made_at")
    ).order_by("name", "id")


def receipts() -> QuerySet[ExportReceipt]:
    """Files that were made, the latest first."""
    rows: QuerySet[ExportReceipt] = ExportReceipt.objects.select_related("profile__seller")
    return rows.order_by("-made_at", "-id")


class ProfileFilter(ListFilterSet):
    """Profiles by name, seller, ledger and format."""

    search_fields = ("name", "public_id")
    seller = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Seller")
    )
    preset = ChoiceFilter(label=_("Ledger"), choices=Preset.choices)
    file_format = ChoiceFilter(label=_("Format"), choices=FileFormat.choices)
    is_active = BooleanFilter(label=_("In use"))

    class Meta:
        model = ExportProfile
        fields: list[str] = []


class ReceiptFilter(ListFilterSet):
    """Files by name, seller and day."""

    search_fields = ("name", "sha256", "public_id", "profile__name")
    seller = ModelChoiceFilter(
        field_name="profile__seller",
        queryset=seller_choices,
        to_field_name="public_id",
        label=_("Seller"),
    )
    made = DateRange(field_name="made_at", label=_("Made"))

    class Meta:
        model = ExportReceipt
        fields: list[str] = []


class ProfileTable(ListTable):
    """Profiles by name."""

    name = TitleColumn(_("Export profile"), detail="export_profile_detail", key="public_id")
    shown_status = StatusColumn(_("Status"), kind="price_group", orderable=False)
    seller = TextColumn(_("Seller"), order_by="seller__name")
    preset = TextColumn(_("Ledger"))
    file_format = TextColumn(_("Format"))
    voucher_size = TextColumn(_("A voucher for"), card_hide=True)
    file_count = TextColumn(_("Files"), end=True)
    last_made_at = MomentColumn(_("Last file"))

    class Meta(ListTable.Meta):
        model = ExportProfile
        fields: tuple[str, ...] = ()
        order_by = "name"


class ReceiptTable(ListTable):
    """Files, the latest first."""

    name = TitleColumn(_("File"), detail="export_receipt_detail", key="public_id")
    profile = LinkColumn(
        _("Export profile"),
        detail="export_profile_detail",
        key="profile.public_id",
        order_by="profile__name",
    )
    from_on = TextColumn(_("From"))
    until_on = TextColumn(_("Until"))
    entry_count = TextColumn(_("Entries"), end=True)
    voucher_count = TextColumn(_("Vouchers"), end=True)
    debit = MoneyColumn(_("Debit"))
    made_at = MomentColumn(_("Made"))
    made_by_label = TextColumn(_("Made by"), card_hide=True)

    class Meta(ListTable.Meta):
        model = ExportReceipt
        fields: tuple[str, ...] = ()
        order_by = "-made_at"


PROFILES = ListSpec(
    name="export_profiles",
    title=_("Export profiles"),
    permission=Permission.LEDGER_VIEW,
    queryset=lambda _request: profiles(),
    filterset=ProfileFilter,
    table=ProfileTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("seller", "seller.name"),
        CsvColumn("preset"),
        CsvColumn("file_format"),
        CsvColumn("voucher_size"),
        CsvColumn("series"),
        CsvColumn("starts_on"),
        CsvColumn("is_active"),
        CsvColumn("file_count"),
    ),
    empty=EmptyText(
        _("No export profile yet"),
        _("A profile says which ledger reads the journal, and gets each entry once."),
        "export_profile_create",
        _("New export profile"),
        Permission.LEDGER_EDIT,
    ),
    actions=(
        ListAction(_("Exported files"), "export_receipt_list", permission=Permission.LEDGER_VIEW),
        ListAction(
            _("New export profile"), "export_profile_create", permission=Permission.LEDGER_EDIT
        ),
    ),
)
RECEIPTS = ListSpec(
    name="export_receipts",
    title=_("Exported files"),
    permission=Permission.LEDGER_VIEW,
    queryset=lambda _request: receipts(),
    filterset=ReceiptFilter,
    table=ReceiptTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("profile", "profile.name"),
        CsvColumn("number"),
        CsvColumn("from_on"),
        CsvColumn("until_on"),
        CsvColumn("entry_count"),
        CsvColumn("voucher_count"),
        CsvColumn("debit"),
        CsvColumn("currency"),
        CsvColumn("sha256"),
        CsvColumn("size_bytes"),
        CsvColumn("made_at"),
        CsvColumn("made_by_label"),
    ),
    empty=EmptyText(
        _("No file has been made yet"),
        _("Files are made on the page of an export profile, or on a schedule."),
        "export_profile_list",
        _("Export profiles"),
        Permission.LEDGER_VIEW,
    ),
)
