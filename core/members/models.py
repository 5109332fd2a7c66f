"""Invitations to become a member of an operator."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.accounts.permissions import Role
from core.tenancy.models import TenantModel


def new_nonce() -> str:
    """What makes a link one of a kind; a new one makes older links useless."""
    return secrets.token_urlsafe(16)


class InvitationState(models.TextChoices):
    """Where an invitation is in its life."""

    OPEN = "open", _("Open")
    EXPIRED = "expired", _("Expired")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Invitation(TenantModel):
    """An offer by e-mail to become a member, with role and sites; open until it is accepted,
    withdrawn or too old. The link carries a signature and ``nonce``. ``sent_at`` is empty while
    the e-mail waits to be sent."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_limited = models.BooleanField(_("limited to chosen sites"), default=False)
    places = models.JSONField(_("sites"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "operator",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.OWNER, is_limited=True),
                name="invitation_owner_has_no_limit",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.HOST, is_limited=False),
                name="invitation_host_is_limited",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_one_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(sent_at=None, accepted_at=None, withdrawn_at=None),
                name="invitation_unsent_idx",
            )
        ]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.email

    def state_at(self, now: datetime) -> InvitationState:
        """The state at an instant."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if now < self.expires_at else InvitationState.EXPIRED

    @property
    def state(self) -> InvitationState:
        """The state now."""
        return self.state_at(timezone.now())
