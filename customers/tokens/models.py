"""Id tokens: what a driver presents to a station."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Replace, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.limits.models import LimitedModel, money_limit

BARE_PRINTED_NUMBER: Final = Upper(Replace(Replace(F("printed_number"), Value(" ")), Value("-")))
"""The printed number without spaces and hyphens: people read it in groups of their own."""


class TokenKind(models.TextChoices):
    """How a token is presented."""

    RFID = "rfid", _("RFID card")
    APP = "app", _("App")
    VIRTUAL = "virtual", _("Virtual")


class TokenPurpose(models.TextChoices):
    """What a token is for; service and test sessions cost nothing."""

    CUSTOMER = "customer", _("Customer")
    SERVICE = "service", _("Service")
    TEST = "test", _("Test")
    GOODWILL = "goodwill", _("Goodwill")


class TokenStatus(models.TextChoices):
    """Whether a token may charge; expiry is a date, not a status."""

    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")
    INVALID = "invalid", _("Withdrawn")


class IdToken(LimitedModel):
    """A card, app or virtual token of a driver, of a company's pool, or of nobody yet. ``uid``
    is what stations send (compared without case); the decimal and byte-reversed forms of a hex
    UID find a card from any reader. ``vehicle``: what the card sits in."""

    uid = models.CharField(_("UID"), max_length=36)
    uid_decimal = models.CharField(_("decimal form"), max_length=40, blank=True)
    uid_reversed = models.CharField(_("reversed byte order"), max_length=36, blank=True)
    printed_number = models.CharField(_("printed number"), max_length=40, blank=True)
    label = models.CharField(_("label"), max_length=100, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=TokenKind.choices, default=TokenKind.RFID
    )
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=TokenPurpose.choices, default=TokenPurpose.CUSTOMER
    )
    status = models.CharField(
        _("status"), max_length=10, choices=TokenStatus.choices, default=TokenStatus.ACTIVE
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    group_id = models.CharField(_("parent group"), max_length=36, blank=True)
    driver = models.ForeignKey(
        Driver,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tokens",
        verbose_name=_("driver"),
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pool_tokens",
        verbose_name=_("company pool"),
    )
    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tokens",
        verbose_name=_("vehicle"),
    )
    status_reason = models.CharField(_("why"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(LimitedModel.Meta):
        abstract = False
        ordering = ["uid", "id"]
        constraints = [
            money_limit("id_token"),
            models.UniqueConstraint("operator", Upper("uid"), name="id_token_uid_ci_once"),
            models.CheckConstraint(
                condition=models.Q(driver__isnull=True) | models.Q(company__isnull=True),
                name="id_token_one_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "uid_decimal"], name="id_token_decimal_idx"),
            models.Index(fields=["operator", "uid_reversed"], name="id_token_reversed_idx"),
            models.Index(F("operator"), BARE_PRINTED_NUMBER, name="id_token_printed_bare_idx"),
        ]
        verbose_name = _("id token")
        verbose_name_plural = _("id tokens")

    def __str__(self) -> str:
        return self.label or self.uid

    @property
    def shown_status(self) -> str:
        """``expired`` for an active token past its expiry, else the status."""
        if self.status == TokenStatus.ACTIVE and self.expires_at is not None:
            return "expired" if self.expires_at <= timezone.now() else self.status
        return self.status
