"""Who logs in as a customer, who was invited, and what was agreed."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.operators.models import LegalText
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.tokens.models import IdToken
from stations.commands.models import Command
from stations.hardware.models import Evse


def new_nonce() -> str:
    """What makes a link one of a kind; a new one makes older links useless."""
    return secrets.token_urlsafe(16)


class LoginKind(models.TextChoices):
    """As what a person logs in."""

    DRIVER = "driver", _("Driver")
    COMPANY_ADMIN = "company_admin", _("Company administrator")


ONE_SUBJECT = models.Q(kind="driver", driver__isnull=False, company__isnull=True) | models.Q(
    kind="company_admin", driver__isnull=True, company__isnull=False
)


class CustomerLogin(TenantModel):
    """A person who is a customer of an operator: as a driver, or as who looks after a company.
    At each operator a person is one driver and looks after one company at most. Ended ones stay."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="customer_logins")
    kind = models.CharField(_("kind"), max_length=14, choices=LoginKind.choices)
    driver = models.ForeignKey(
        Driver, on_delete=models.CASCADE, null=True, blank=True, related_name="logins"
    )
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="logins"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id", "user_id", "id"]
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="customer_login_subject"),
            models.UniqueConstraint(
                fields=["operator", "user", "kind"],
                condition=models.Q(ended_at=None),
                name="customer_login_once",
            ),
            models.UniqueConstraint(
                fields=["driver"],
                condition=models.Q(ended_at=None),
                name="customer_login_driver_once",
            ),
        ]
        verbose_name = _("customer's log-in")
        verbose_name_plural = _("customers' log-ins")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class CustomerInvitation(TenantModel):
    """An offer by e-mail to see one's own charging as a driver, or to look after a company; open
    until it is accepted, withdrawn or too old. ``sent_at`` is empty while the mail waits."""

    kind = models.CharField(_("kind"), max_length=14, choices=LoginKind.choices)
    driver = models.ForeignKey(
        Driver, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True)
    invited_label = models.CharField(_("invited by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="customer_invitation_subject"),
            models.UniqueConstraint(
                fields=["driver"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="customer_invitation_driver_once",
            ),
            models.UniqueConstraint(
                "company",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="customer_invitation_company_once",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="customer_invitation_one_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(sent_at=None, accepted_at=None, withdrawn_at=None),
                name="customer_invitation_unsent_idx",
            )
        ]
        verbose_name = _("invitation of a customer")
        verbose_name_plural = _("invitations of customers")

    def __str__(self) -> str:
        return self.email


class Consent(TenantModel):
    """That a person agreed to one version of a text, and from where; written once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="consents")
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now, editable=False)
    source_ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-accepted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "text"], name="consent_once")]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.text_id}"


class PortalSetup(TenantModel):
    """How an operator runs its customer portal; one row, made when first something is chosen."""

    allows_sign_up = models.BooleanField(
        _("people may sign up by themselves"),
        default=False,
        help_text=_("They become drivers without a card; you say who pays for them."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id"]
        constraints = [models.UniqueConstraint(fields=["operator"], name="portal_setup_once")]
        verbose_name = _("set-up of the customer portal")
        verbose_name_plural = _("set-ups of the customer portal")

    def __str__(self) -> str:
        return f"{self.operator_id}"


class ChargeStart(TenantModel):
    """A driver's wish to charge at an EVSE, and the command that carries it. What became of it
    follows from the command, the authorisation and the session."""

    placing = Placing("evse_id", "stations.Evse")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="charge_starts")
    token = models.ForeignKey(
        IdToken, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="+")
    command = models.OneToOneField(
        Command, on_delete=models.SET_NULL, null=True, blank=True, related_name="charge_start"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["driver", "-created_at"], name="charge_start_recent_idx")]
        verbose_name = _("wish to charge")
        verbose_name_plural = _("wishes to charge")

    def __str__(self) -> str:
        return self.public_id
