"""Why sessions are held, the operator's limits, and what people decided."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.rating.models import SessionBilling
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing


class HoldGroup(models.TextChoices):
    """What kind of doubt it is."""

    CONFIGURATION = "configuration", _("Set-up")
    FEASIBILITY = "feasibility", _("Feasibility")
    RULE = "rule", _("Billing rule")
    FINAL = "final", _("Final cost")


class HoldEnd(models.TextChoices):
    """How a hold came to its end."""

    OPEN = "", _("Open")
    CLEARED = "cleared", _("No longer so")
    ACCEPTED = "accepted", _("Accepted")
    CORRECTED = "corrected", _("Corrected")
    WAIVED = "waived", _("Waived")
    DROPPED = "dropped", _("Dropped")


class Hold(TenantModel):
    """One reason why a session is held; of each code at most one is open a session. A reason that
    a person accepted does not hold the session again with the same particulars."""

    placing = Placing("billing_id", "billing.SessionBilling")

    billing = models.ForeignKey(SessionBilling, on_delete=models.PROTECT, related_name="holds")
    code = models.CharField(_("reason"), max_length=48)
    group = models.CharField(_("group"), max_length=16, choices=HoldGroup.choices)
    params = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(_("held since"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    end = models.CharField(
        _("outcome"), max_length=10, choices=HoldEnd.choices, default="", blank=True
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["billing", "code"],
                condition=models.Q(closed_at=None),
                name="hold_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, end="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(end="")),
                name="hold_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operator", "code"],
                condition=models.Q(closed_at=None),
                name="hold_open_idx",
            )
        ]
        verbose_name = _("hold")
        verbose_name_plural = _("holds")

    def __str__(self) -> str:
        return f"{self.billing_id} {self.code}"


class ReviewRules(TenantModel):
    """An operator's limits: what is beyond them is held. Amounts are in the operator's currency."""

    max_energy_wh = models.PositiveIntegerField(
        _("most energy (Wh)"), default=200_000, help_text=_("Of one session.")
    )
    max_duration_h = models.PositiveIntegerField(
        _("longest session (hours)"), default=72, help_text=_("From plug in to the end.")
    )
    max_gross = models.DecimalField(
        _("highest total"), max_digits=12, decimal_places=2, default=Decimal(2000)
    )
    max_price_per_kwh = models.DecimalField(
        _("highest total per kWh"), max_digits=12, decimal_places=2, default=Decimal(25)
    )
    max_idle_fee = models.DecimalField(
        _("highest idle fee"), max_digits=12, decimal_places=2, default=Decimal(500)
    )
    zero_cost_above_wh = models.PositiveIntegerField(
        _("look at sessions that cost nothing above (Wh)"), default=1_000
    )
    needs_account = models.BooleanField(
        _("hold sessions that nobody pays for"),
        default=True,
        help_text=_("The token belongs to no billing account, and is not for service or tests."),
    )
    trusted_codes = models.JSONField(
        _("findings that hold nothing"),
        default=list,
        blank=True,
        help_text=_("Findings of readings and prices that need no person here."),
    )
    four_eyes_above = models.DecimalField(
        _("second person above"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(1000),
        help_text=_("A decision about more than this waits for another person's consent."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id"]
        constraints = [
            models.UniqueConstraint(fields=["operator"], name="review_rules_once"),
            models.CheckConstraint(
                condition=models.Q(
                    max_gross__gte=0,
                    max_price_per_kwh__gte=0,
                    max_idle_fee__gte=0,
                    four_eyes_above__gte=0,
                ),
                name="review_rules_not_negative",
            ),
        ]
        verbose_name = _("rules of review")
        verbose_name_plural = _("rules of review")

    def __str__(self) -> str:
        return str(self.operator_id)


class DecisionKind(models.TextChoices):
    """What is done about a held session."""

    ACCEPT = "accept", _("Accept")
    CORRECT = "correct", _("Correct")
    WAIVE = "waive", _("Waive")
    DROP = "drop", _("Drop")


class DecisionState(models.TextChoices):
    """Where a decision is."""

    PROPOSED = "proposed", _("Waits for a second person")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("No longer needed")


class Decision(TenantModel):
    """What a person decided about a held session, and who agreed where two are needed.

    ``correction`` is as ``SessionBilling.correction``; ``gross`` is what was at stake.
    """

    placing = Placing("billing_id", "billing.SessionBilling")

    billing = models.ForeignKey(SessionBilling, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=8, choices=DecisionKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=DecisionState.choices)
    reason = models.CharField(_("why"), max_length=500)
    correction = models.JSONField(_("correction"), default=dict, blank=True)
    gross = models.DecimalField(_("at stake"), max_digits=16, decimal_places=4, default=0)
    currency = models.CharField(_("currency"), max_length=3)
    needs_second = models.BooleanField(_("needs a second person"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_label = models.CharField(_("decided by"), max_length=200)
    proposed_at = models.DateTimeField(_("decided"), default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_label = models.CharField(_("second person"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["billing"],
                condition=models.Q(state="proposed"),
                name="decision_one_proposed",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_reason"),
            models.CheckConstraint(
                condition=~models.Q(needs_second=True, state="done")
                | (
                    models.Q(answered_by__isnull=False, proposed_by__isnull=False)
                    & ~models.Q(answered_by=models.F("proposed_by"))
                ),
                name="decision_four_eyes",
            ),
        ]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.kind} {self.billing_id}"
