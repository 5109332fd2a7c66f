"""What an importer wants, and a receipt for every file that was made for it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounting.models import JournalEntry
from billing.sellers.models import Seller
from core.tenancy.models import TenantModel


class Preset(models.TextChoices):
    """Which ledger reads the files, and so what it can take."""

    FORTNOX = "fortnox", _("Fortnox")
    VISMA = "visma", _("Visma eEkonomi")
    VISMA_1518 = "visma_1518", _("Visma eEkonomi, receivables on 1518")
    OTHER = "other", _("Another ledger")


class FileFormat(models.TextChoices):
    """How the files are written."""

    SIE = "sie", _("SIE 4I")
    CSV_SWEDISH = "csv_swedish", _("CSV, Swedish")
    CSV_INTERNATIONAL = "csv_international", _("CSV, international")
    XLSX = "xlsx", _("XLSX, Swedish")
    XLSX_INTERNATIONAL = "xlsx_international", _("XLSX, international")
    JSON = "json", _("JSON")


class VoucherSize(models.TextChoices):
    """What becomes one voucher."""

    SUGGESTED = "suggested", _("By the number of documents")
    DOCUMENT = "document", _("Every document")
    DAY_AND_KIND = "day_and_kind", _("Every day and kind")


class ExportProfile(TenantModel):
    """An importer of a seller's journal. It gets each entry from ``starts_on`` on once."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="export_profiles")
    name = models.CharField(_("name"), max_length=80)
    preset = models.CharField(
        _("ledger"), max_length=12, choices=Preset.choices, default=Preset.FORTNOX
    )
    file_format = models.CharField(
        _("format"), max_length=20, choices=FileFormat.choices, default=FileFormat.SIE
    )
    voucher_size = models.CharField(
        _("a voucher for"),
        max_length=12,
        choices=VoucherSize.choices,
        default=VoucherSize.SUGGESTED,
    )
    series = models.CharField(_("voucher series"), max_length=5, blank=True)
    starts_on = models.DateField(_("entries from"))
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "name"], name="export_profile_name_once"),
            models.CheckConstraint(
                condition=models.Q(series__regex=r"^[A-ZÅÄÖ0-9]{0,5}$"),
                name="export_profile_series",
            ),
        ]
        verbose_name = _("export profile")
        verbose_name_plural = _("export profiles")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_status(self) -> str:
        """``retired`` or ``active``."""
        return "active" if self.is_active else "retired"


class ExportReceipt(TenantModel):
    """A file that was made, kept as it is: it can be fetched again byte for byte."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    profile = models.ForeignKey(ExportProfile, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField(_("number"))
    currency = models.CharField(_("currency"), max_length=3)
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))
    entry_count = models.PositiveIntegerField(_("entries"))
    voucher_count = models.PositiveIntegerField(_("vouchers"))
    debit = models.DecimalField(_("debit"), max_digits=18, decimal_places=4)
    name = models.CharField(_("file"), max_length=120)
    content_type = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    list_path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size_bytes = models.PositiveIntegerField(_("size"))
    made_for = models.CharField(max_length=64, blank=True)
    made_by_label = models.CharField(_("made by"), max_length=200)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "number"], name="export_receipt_once"),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on"), entry_count__gte=1),
                name="export_receipt_whole",
            ),
        ]
        verbose_name = _("exported file")
        verbose_name_plural = _("exported files")

    def __str__(self) -> str:
        return self.name

    @property
    def list_name(self) -> str:
        """What the list of documents is called beside the file."""
        return f"{self.name.rsplit('.', 1)[0]}-documents.csv"


class ExportedEntry(TenantModel):
    """An entry that a file holds: once for each profile, which the database sees to."""

    profile = models.ForeignKey(ExportProfile, on_delete=models.PROTECT, related_name="exported")
    receipt = models.ForeignKey(ExportReceipt, on_delete=models.PROTECT, related_name="exported")
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="exported")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["receipt_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "entry"], name="exported_entry_once"),
        ]
        verbose_name = _("exported entry")
        verbose_name_plural = _("exported entries")

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.entry_id}"
