"""Dated fees of billing accounts."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from core.tenancy.models import TenantModel


class FeeKind(models.TextChoices):
    """What a fee is for: each kind is a line of its own, and booked on its own account."""

    NETWORK_ACCESS = "network_access", _("Network access")
    SUBSCRIPTION = "subscription", _("Subscription")
    BAY = "bay", _("Bay")
    CARD = "card", _("Card")
    ACTIVATION = "activation", _("Activation")
    ADMINISTRATION = "administration", _("Administration")
    OTHER = "other", _("Other")


class Recurrence(models.TextChoices):
    """How often a fee falls due."""

    MONTHLY = "monthly", _("Every month")
    ONCE = "once", _("Once")


class SubjectKind(models.TextChoices):
    """What a fee is for besides its account."""

    TOKEN = "token", _("Id token")
    DRIVER = "driver", _("Driver")
    BAY = "bay", _("Bay")


class Fee(TenantModel):
    """A recurring or one-off fee of an account, possibly for one token, driver or bay, which it
    names by public id and by what it was called then. A monthly fee counts by the day; a
    one-off falls due on its first day. The amount is with or without VAT as
    ``is_tax_included`` says. ``seller_ref``: the seller that bills it, by public id (trigger);
    empty: the operator's default seller."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="fees")
    kind = models.CharField(_("kind"), max_length=20, choices=FeeKind.choices)
    name = models.CharField(_("text on the invoice"), max_length=120)
    recurrence = models.CharField(
        _("recurrence"), max_length=10, choices=Recurrence.choices, default=Recurrence.MONTHLY
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    is_tax_included = models.BooleanField(_("amount includes VAT"), default=True)
    tax_percent = models.DecimalField(_("VAT (%)"), max_digits=5, decimal_places=2, default=25)
    revenue_account = models.CharField(_("revenue account"), max_length=10, blank=True)
    seller_ref = models.CharField(_("seller"), max_length=24, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    subject_kind = models.CharField(
        _("for"), max_length=10, choices=SubjectKind.choices, blank=True
    )
    subject_ref = models.CharField(_("id of what it is for"), max_length=64, blank=True)
    subject_label = models.CharField(_("name of what it is for"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="fee_amount"),
            models.CheckConstraint(
                condition=models.Q(tax_percent__gte=0, tax_percent__lt=100), name="fee_tax_percent"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="fee_currency"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="fee_days_order",
            ),
            models.CheckConstraint(
                condition=models.Q(recurrence=Recurrence.MONTHLY) | models.Q(ends_on__isnull=True),
                name="fee_once_has_no_end",
            ),
            models.CheckConstraint(
                condition=models.Q(subject_kind="", subject_ref="")
                | (~models.Q(subject_kind="") & ~models.Q(subject_ref="")),
                name="fee_subject_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operator", "subject_kind", "subject_ref"], name="fee_subject_idx"
            ),
            models.Index(fields=["operator", "starts_on"], name="fee_starts_idx"),
        ]
        verbose_name = _("fee")
        verbose_name_plural = _("fees")

    def __str__(self) -> str:
        return self.name
