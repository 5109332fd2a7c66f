"""Codes on connectors, and the visits of guests who scanned one."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.payments.cards.models import CardPayment
from billing.payments.models import amount_field
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.commands.models import Command
from stations.hardware.models import Connector, Evse
from stations.sessions.models import Session

_LETTERS: Final = "23456789abcdefghjkmnpqrstvwxyz"
_CODE_LENGTH: Final = 12


def new_code() -> str:
    """Nearly 59 random bits in letters that are not mistaken for each other."""
    return "".join(secrets.choice(_LETTERS) for _n in range(_CODE_LENGTH))


class GuestCode(TenantModel):
    """The code that stands on a connector. It is random and tells nothing of the station; a new
    one makes the sticker with the old one useless."""

    placing = Placing("connector_id", "stations.Connector")

    connector = models.OneToOneField(Connector, on_delete=models.CASCADE, related_name="guest_code")
    code = models.CharField(_("code"), max_length=16, unique=True, default=new_code)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["connector_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[2-9a-z]{12}$"), name="guest_code_letters"
            ),
        ]
        verbose_name = _("code on a connector")
        verbose_name_plural = _("codes on connectors")

    def __str__(self) -> str:
        return self.code


class VisitState(models.TextChoices):
    """Where a visit is; visits.py moves it on."""

    PAYING = "paying", _("Being paid")
    READY = "ready", _("May start")
    CHARGING = "charging", _("Charging")
    SETTLING = "settling", _("Being settled")
    CLOSING = "closing", _("Being called off")
    DONE = "done", _("Settled")
    CLOSED = "closed", _("Called off")


class Shape(models.TextChoices):
    """How the money is taken."""

    HOLD = "hold", _("Held on a card")
    PREPAID = "prepaid", _("Paid ahead")
    TERMINAL = "terminal", _("Held at a payment terminal")


AT_EVSE: Final = (VisitState.READY, VisitState.CHARGING)
"""Money is there and the EVSE is the guest's: one such visit each."""
OVER: Final = (VisitState.DONE, VisitState.CLOSED)


class GuestVisit(TenantModel):
    """A guest at an EVSE, from paying to the receipt. The account is this visit's alone, so that
    no guest's money ever settles another's invoice. ``token`` is what the station is told."""

    placing = Placing("evse_id", "stations.Evse")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    evse = models.ForeignKey(Evse, on_delete=models.PROTECT, related_name="guest_visits")
    connector = models.ForeignKey(
        Connector, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    token = models.CharField(_("token"), max_length=20)
    shape = models.CharField(_("paid"), max_length=8, choices=Shape.choices)
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="sv"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=VisitState.choices, default=VisitState.PAYING
    )
    why = models.CharField(_("why"), max_length=20, blank=True)
    account = models.OneToOneField(
        BillingAccount, on_delete=models.PROTECT, related_name="guest_visit"
    )
    card_payment = models.OneToOneField(
        CardPayment, on_delete=models.PROTECT, null=True, blank=True, related_name="guest_visit"
    )
    command = models.OneToOneField(
        Command, on_delete=models.SET_NULL, null=True, blank=True, related_name="guest_visit"
    )
    asked_at = models.DateTimeField(_("start asked"), null=True, blank=True)
    session = models.OneToOneField(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="guest_visit"
    )
    ready_at = models.DateTimeField(_("paid"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over"), null=True, blank=True)
    receipt_sent_at = models.DateTimeField(_("receipt sent"), null=True, blank=True)
    told_unpaid_at = models.DateTimeField(_("told that it is unpaid"), null=True, blank=True)
    next_at = models.DateTimeField(_("looked at next"), null=True, blank=True)
    created_at = models.DateTimeField(_("began"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="guest_visit_amount"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="guest_visit_currency"
            ),
            models.UniqueConstraint(fields=["operator", "token"], name="guest_visit_token_once"),
            models.UniqueConstraint(
                fields=["evse"],
                condition=models.Q(state__in=["ready", "charging"]),
                name="guest_visit_one_at_evse",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="charging") | models.Q(session__isnull=False),
                name="guest_visit_session",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-created_at"], name="guest_visit_began_idx"),
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="guest_visit_due_idx",
            ),
        ]
        verbose_name = _("guest's visit")
        verbose_name_plural = _("guests' visits")

    def __str__(self) -> str:
        return self.public_id

    @property
    def short_code(self) -> str:
        """What a guest compares with the terminal's display."""
        return self.public_id[-4:].upper()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in OVER

    @property
    def is_paid(self) -> bool:
        """Whether it cost something and that was collected."""
        return self.state == VisitState.DONE and not self.why

    @property
    def is_prepaid(self) -> bool:
        """Whether the amount was collected at once."""
        return self.shape == Shape.PREPAID
