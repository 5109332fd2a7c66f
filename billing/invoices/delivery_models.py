"""The files that are made of issued documents, and their ways to the customer."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from core.tenancy.models import TenantModel


class FileKind(models.TextChoices):
    """What is made of a document."""

    PDF = "pdf", _("PDF")
    UBL = "ubl", _("E-invoice (Peppol)")


class InvoiceFile(TenantModel):
    """A file made once of an issued document, with the digest of its bytes; it never changes
    (trigger). ``problem`` says why it could not be made; such a row may be made anew."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=4, choices=FileKind.choices)
    language = models.CharField(_("language"), max_length=10)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    size_bytes = models.PositiveIntegerField(_("size"), default=0)
    path = models.CharField(max_length=200, blank=True)
    problem = models.CharField(_("problem"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["invoice_id", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "kind"], name="invoice_file_once"),
            models.CheckConstraint(
                condition=models.Q(path="", sha256="", size_bytes=0) & ~models.Q(problem="")
                | (~models.Q(path="") & models.Q(problem="", sha256__regex="^[0-9a-f]{64}$")),
                name="invoice_file_whole",
            ),
        ]
        verbose_name = _("file of an invoice")
        verbose_name_plural = _("files of invoices")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.kind}"


class DeliveryWay(models.TextChoices):
    """How a document reaches the customer."""

    EMAIL = "email", _("E-mail")
    PEPPOL_FOLDER = "peppol_folder", _("Peppol, by folder")
    PEPPOL_EMAIL = "peppol_email", _("Peppol, by e-mail")
    DOWNLOAD = "download", _("Peppol, fetched by the API")
    PRINT = "print", _("Print and post")


class DeliveryState(models.TextChoices):
    """Where a delivery is."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Bounced")


class Delivery(TenantModel):
    """One handing over of an issued document. The first is planned by itself, once; what was
    sent again is a row of its own. ``message_id`` is kept before a mail goes out."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="deliveries")
    way = models.CharField(_("way"), max_length=14, choices=DeliveryWay.choices)
    addresses = models.JSONField(_("addresses"), default=list, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    is_planned = models.BooleanField(_("planned by itself"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    message_id = models.CharField(_("message id"), max_length=200, blank=True)
    requested_label = models.CharField(_("requested by"), max_length=200, blank=True)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(is_planned=True),
                name="invoice_delivery_planned_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["failed", "bounced"]) | ~models.Q(error=""),
                name="invoice_delivery_error",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-created_at"], name="invoice_delivery_created_idx"),
            models.Index(
                fields=["next_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="invoice_delivery_due_idx",
            ),
            models.Index(fields=["message_id"], name="invoice_delivery_message_idx"),
        ]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.way}"


class MailEvent(TenantModel):
    """What the mail provider told about a delivery, as it came, each once (append-only)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="mail_events")
    key = models.CharField(_("id at the provider"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=30)
    happened_at = models.DateTimeField(_("happened"))
    raw = models.JSONField(_("as it came"))
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-happened_at", "-id"]
        verbose_name = _("event of a mail")
        verbose_name_plural = _("events of mails")

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.kind}"
