"""Files of banks as they came, and the transactions in them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class BankFormat(models.TextChoices):
    """Formats that are read."""

    CAMT054 = "camt.054", "camt.054"
    CAMT053 = "camt.053", "camt.053"
    BGMAX = "bgmax", "BgMax"
    SWISH = "swish_csv", _("Swish report")


class BankFile(TenantModel):
    """A file that was taken over whole: its content is kept as it came and never changes
    (trigger). The same file, by content or by its own name, is taken over once."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    format = models.CharField(_("format"), max_length=12, choices=BankFormat.choices)
    file_name = models.CharField(_("file name"), max_length=150)
    file_id = models.CharField(_("sender's id"), max_length=140, blank=True)
    key = models.CharField(max_length=500)
    sha256 = models.CharField("SHA-256", max_length=64)
    raw = models.BinaryField()
    size_bytes = models.PositiveIntegerField(_("size"))
    accounts = models.JSONField(_("bank accounts"), default=list)
    transaction_count = models.PositiveIntegerField(_("transactions"))
    known_count = models.PositiveIntegerField(_("known before"), default=0)
    user_label = models.CharField(_("brought by"), max_length=200)
    created_at = models.DateTimeField(_("brought"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "sha256"], name="bank_file_content_once"),
            models.UniqueConstraint(fields=["operator", "key"], name="bank_file_key_once"),
        ]
        indexes = [models.Index(fields=["operator", "-created_at"], name="bank_file_recent_idx")]
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")

    def __str__(self) -> str:
        return self.file_name


class Direction(models.TextChoices):
    """Which way the money went."""

    CREDIT = "credit", _("Money in")
    REVERSAL = "reversal", _("Taken back")
    DEBIT = "debit", _("Money out")


class TransactionState(models.TextChoices):
    """What became of a transaction."""

    NEW = "new", _("New")
    BOOKED = "booked", _("Booked")
    WORK_LIST = "work_list", _("To be sorted out")
    IGNORED = "ignored", _("Not ours")


class BankTransaction(TenantModel):
    """One movement on a bank account. What the bank said never changes; ``state``, ``proposal``
    (what matching found: outcome, certainty, account, parts, reasons) and ``note`` do (trigger).

    ``key`` is the same for the same movement in every file, so it is booked once.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    bank_file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="transactions")
    position = models.PositiveIntegerField(_("position"))
    key = models.CharField(max_length=300)
    bank_account = models.CharField(_("bank account"), max_length=42)
    bank_id = models.CharField(_("bank's reference"), max_length=140, blank=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    booked_on = models.DateField(_("booked"))
    references = models.JSONField(_("references"), default=list, blank=True)
    text = models.TextField(_("message"), blank=True)
    payer_name = models.CharField(_("payer"), max_length=200, blank=True)
    payer_account = models.CharField(_("payer's account"), max_length=42, blank=True)
    payer_number = models.CharField(_("payer's number"), max_length=42, blank=True)
    end_to_end_id = models.CharField(max_length=140, blank=True)
    at = models.CharField(_("place in the file"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=TransactionState.choices, default=TransactionState.NEW
    )
    proposal = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    created_at = models.DateTimeField(_("read"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "key"], name="bank_transaction_once"),
            models.UniqueConstraint(
                fields=["bank_file", "position"], name="bank_transaction_position"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="bank_transaction_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="bank_transaction_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-booked_on"], name="bank_transaction_day_idx"),
            models.Index(
                fields=["operator", "booked_on"],
                condition=models.Q(state="work_list"),
                name="bank_transaction_work_idx",
            ),
        ]
        verbose_name = _("bank transaction")
        verbose_name_plural = _("bank transactions")

    def __str__(self) -> str:
        return self.public_id
