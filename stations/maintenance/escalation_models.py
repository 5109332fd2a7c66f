"""Warnings of clocks that run out, who hears of them, and the letters that tell."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.maintenance.models import WorkOrder
from stations.maintenance.partner_models import ServiceAgreement


class ClockName(models.TextChoices):
    """Which of the two clocks of an order."""

    RESPOND = "respond", _("On site")
    RESTORE = "restore", _("Working again")


class Stage(models.IntegerChoices):
    """How much of the promised time is used when somebody is told, in percent."""

    HALF = 50, _("Half of the time is used (50 %)")
    SHORT = 80, _("Short of time (80 %)")
    BROKEN = 100, _("Time is up (100 %)")
    LATE = 150, _("Half as much again (150 %)")
    VERY_LATE = 200, _("Twice the time (200 %)")


class EscalationContact(TenantModel):
    """Somebody in the chain of an agreement: a member, or an address of anybody, and from which
    stage on they are told."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    agreement = models.ForeignKey(
        ServiceAgreement, on_delete=models.CASCADE, related_name="contacts"
    )
    stage = models.PositiveSmallIntegerField(
        _("told when"), choices=Stage.choices, default=Stage.SHORT
    )
    membership = models.ForeignKey(
        "core.Membership",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["stage", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(membership=None) ^ models.Q(email=""),
                name="escalation_contact_member_or_address",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="escalation_contact_stage"
            ),
            models.UniqueConstraint(
                fields=["agreement", "stage", "membership", "email"],
                nulls_distinct=False,
                name="escalation_contact_once",
            ),
        ]
        verbose_name = _("contact of an agreement")
        verbose_name_plural = _("contacts of agreements")

    def __str__(self) -> str:
        return str(self.membership.user) if self.membership else self.name or self.email


class SlaWarning(TenantModel):
    """A clock of an order reached a stage; one row each, so that everybody is told once."""

    placing = Placing("order_id", "stations.WorkOrder")

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="warnings")
    clock = models.CharField(_("clock"), max_length=8, choices=ClockName.choices)
    stage = models.PositiveSmallIntegerField(_("stage"), choices=Stage.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "clock", "stage"], name="sla_warning_once"),
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="sla_warning_stage"
            ),
        ]
        indexes = [models.Index(fields=["operator", "at"], name="sla_warning_at_idx")]
        verbose_name = _("warning of a clock")
        verbose_name_plural = _("warnings of clocks")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.clock} {self.stage}"


class LetterState(models.TextChoices):
    """What became of a letter."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")


class EscalationLetter(TenantModel):
    """A warning on its way to one address, sent once. While ``due_at`` lies ahead nobody touches
    it: somebody sends it now, or it waits for another try."""

    placing = Placing("order_id", "stations.WorkOrder")

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="+")
    warning = models.ForeignKey(SlaWarning, on_delete=models.CASCADE, related_name="letters")
    email = models.EmailField(_("to"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=8, choices=LetterState.choices, default=LetterState.WAITING
    )
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["warning", "email"], name="escalation_letter_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="waiting"),
                name="escalation_letter_due_idx",
            )
        ]
        verbose_name = _("letter of a warning")
        verbose_name_plural = _("letters of warnings")

    def __str__(self) -> str:
        return f"{self.warning_id} → {self.email}"
