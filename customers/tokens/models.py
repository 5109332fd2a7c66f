"""Id tokens: what a driver presents to a station."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from stations.sites.models import Site


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


class IdToken(TenantModel):
    """A card, app or virtual token. ``uid`` is what stations send (compared without case);
    the decimal and byte-reversed forms of a hex UID find a card from any reader."""

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
    max_concurrent_sessions = models.PositiveSmallIntegerField(
        _("sessions at once"), null=True, blank=True
    )
    max_energy_wh_per_month = models.PositiveBigIntegerField(
        _("energy per month (Wh)"), null=True, blank=True
    )
    allowed_sites = models.ManyToManyField(
        Site, verbose_name=_("only at these sites"), blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["uid", "id"]
        constraints = [
            models.UniqueConstraint("operator", Upper("uid"), name="id_token_uid_ci_once")
        ]
        indexes = [
            models.Index(fields=["operator", "uid_decimal"], name="id_token_decimal_idx"),
            models.Index(fields=["operator", "uid_reversed"], name="id_token_reversed_idx"),
            models.Index(fields=["operator", "printed_number"], name="id_token_printed_idx"),
        ]
        verbose_name = _("id token")
        verbose_name_plural = _("id tokens")

    def __str__(self) -> str:
        return self.label or self.uid
