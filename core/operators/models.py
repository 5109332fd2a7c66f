"""What an operator says of itself, and the texts that it publishes."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class OperatorSetup(TenantModel):
    """Legal data, bank, sender of mails and logo of one operator; one row, made when first
    something is entered. Name, zone, language and currency stand on the operator."""

    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    organisation_number = models.CharField(_("organisation number"), max_length=32, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    bankgiro = models.CharField(_("bankgiro"), max_length=16, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    sender_name = models.CharField(_("sender name"), max_length=100, blank=True)
    sender_email = models.EmailField(_("sender address"), max_length=254, blank=True)
    reply_to = models.EmailField(_("replies to"), max_length=254, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    logo_path = models.CharField(max_length=200, blank=True)
    mail_tested_at = models.DateTimeField(_("mail tested"), null=True, blank=True)
    mail_test_error = models.CharField(max_length=500, blank=True)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id"]
        constraints = [
            models.UniqueConstraint(fields=["operator"], name="operator_setup_once"),
        ]
        verbose_name = _("operator's setup")
        verbose_name_plural = _("operators' setups")

    def __str__(self) -> str:
        return self.legal_name or f"{self.operator_id}"


class TextKind(models.TextChoices):
    """What a published text is."""

    TERMS = "terms", _("Terms")
    PRIVACY = "privacy", _("Privacy text")


class LegalText(TenantModel):
    """One version of the terms or the privacy text in one language; never changed or deleted,
    so that it can be shown what was in force on a day."""

    kind = models.CharField(_("kind"), max_length=10, choices=TextKind.choices)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_label = models.CharField(_("published by"), max_length=200)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "kind", "language", "version"], name="legal_text_version_once"
            ),
        ]
        verbose_name = _("published text")
        verbose_name_plural = _("published texts")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.language} {self.version}"
