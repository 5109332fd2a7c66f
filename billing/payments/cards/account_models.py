"""Accounts at a payment provider, the customers there, and the cards they saved."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.payments.models import amount_field
from billing.sellers.models import Seller
from core.tenancy.models import TenantModel

EXPIRES_SOON: Final = timedelta(days=45)


class ProviderAccount(TenantModel):
    """A seller's account at a payment provider. The keys are sealed; what can be read is where
    they end. Money that is collected by it belongs to the seller's books. A seller has one for
    pages and saved cards, and one for payment terminals. ``unread_payouts``: by the provider's id,
    those that were listed and could not be taken over (payouts.py)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="card_accounts")
    is_terminal = models.BooleanField(_("payment terminals"), default=False, db_default=False)
    provider = models.CharField(_("provider"), max_length=20, default="stripe")
    secret_key_sealed = models.BinaryField()
    webhook_secret_sealed = models.BinaryField()
    key_hint = models.CharField(_("key"), max_length=24)
    is_live = models.BooleanField(_("real money"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    hold_amount = amount_field(_("held for guests"), default=500)
    refund_limit = amount_field(_("largest refund"), null=True, blank=True)
    unread_payouts = models.JSONField(_("payouts not read"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["seller_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "is_terminal"], name="card_account_one_of_seller"
            ),
            models.CheckConstraint(
                condition=models.Q(hold_amount__gt=0), name="card_account_hold_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(refund_limit__isnull=True) | models.Q(refund_limit__gte=0),
                name="card_account_refund_limit",
            ),
        ]
        verbose_name = _("account for card payments")
        verbose_name_plural = _("accounts for card payments")

    def __str__(self) -> str:
        return f"{self.provider} …{self.key_hint}"


class ProviderCustomer(TenantModel):
    """A billing account as the provider knows it."""

    card_account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, related_name="customers"
    )
    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, related_name="card_customers"
    )
    ref = models.CharField(_("id at the provider"), max_length=100)
    pays_automatically = models.BooleanField(_("pays automatically"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "card_account"], name="card_customer_once"),
            models.UniqueConstraint(fields=["card_account", "ref"], name="card_customer_ref"),
        ]
        verbose_name = _("customer at a payment provider")
        verbose_name_plural = _("customers at payment providers")

    def __str__(self) -> str:
        return self.ref


class PaymentMethod(TenantModel):
    """A card that a customer saved: what may be shown of it, never its number. A removed one
    stays for the payments that were made by it."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    customer = models.ForeignKey(ProviderCustomer, on_delete=models.PROTECT, related_name="methods")
    ref = models.CharField(_("id at the provider"), max_length=100)
    kind = models.CharField(_("kind"), max_length=30, default="card")
    brand = models.CharField(_("brand"), max_length=30, blank=True)
    last4 = models.CharField(_("last digits"), max_length=4, blank=True)
    exp_month = models.PositiveSmallIntegerField(_("expires (month)"), null=True, blank=True)
    exp_year = models.PositiveSmallIntegerField(_("expires (year)"), null=True, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    created_at = models.DateTimeField(_("saved"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-is_default", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "ref"], name="payment_method_ref"),
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(is_default=True),
                name="payment_method_one_default",
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(removed_at__isnull=True),
                name="payment_method_default_usable",
            ),
            models.CheckConstraint(
                condition=models.Q(exp_month__isnull=True)
                | models.Q(exp_month__gte=1, exp_month__lte=12),
                name="payment_method_month",
            ),
        ]
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """``Visa ··4242``."""
        name = (self.brand or self.kind).replace("_", " ").title()
        return f"{name} ··{self.last4}" if self.last4 else name

    @property
    def expires_on(self) -> date | None:
        """The last day on which it works."""
        if self.exp_month is None or self.exp_year is None:
            return None
        last = calendar.monthrange(self.exp_year, self.exp_month)[1]
        return date(self.exp_year, self.exp_month, last)

    def is_expired(self, today: date) -> bool:
        """Whether it works no more."""
        return self.expires_on is not None and self.expires_on < today

    def is_expiring(self, today: date) -> bool:
        """Whether it ends within some weeks."""
        last = self.expires_on
        return last is not None and today <= last <= today + EXPIRES_SOON

    def words(self) -> str:
        """With the month in which it ends."""
        if self.exp_month is None:
            return self.label
        return gettext("%(card)s, ends %(month)02d/%(year)s") % {
            "card": self.label, "month": self.exp_month, "year": self.exp_year,
        }  # fmt: skip


class SavingState(models.TextChoices):
    """What became of a page on which a card is saved."""

    OPEN = "open", _("Open")
    DONE = "done", _("Saved")
    ENDED = "ended", _("Not used")


class CardSaving(TenantModel):
    """A page of the provider's on which a customer may save a card."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    customer = models.ForeignKey(ProviderCustomer, on_delete=models.PROTECT, related_name="savings")
    page_ref = models.CharField(_("page at the provider"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=6, choices=SavingState.choices, default=SavingState.OPEN
    )
    method = models.ForeignKey(
        PaymentMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["page_ref"], name="card_saving_page_idx"),
        ]
        verbose_name = _("saving of a card")
        verbose_name_plural = _("savings of cards")

    def __str__(self) -> str:
        return self.public_id
