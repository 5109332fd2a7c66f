"""The operator's ladder, what was done about late invoices, pauses, and reference rates."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.dunning.schedule import PauseKind as Kind
from billing.dunning.schedule import Step as RuleStep
from billing.invoices.models import Invoice
from billing.payments.models import amount_field
from core.tenancy.models import TenantModel


class DunningPlan(TenantModel):
    """What an operator does about late invoices. ``rungs``: steps with their day, fee, whether
    the fee needs accepted terms, and days to pay (billing/dunning/schedule.py checks them)."""

    is_active = models.BooleanField(
        _("steps are taken by themselves"),
        default=True,
        help_text=_("Off: nothing is sent, blocked or handed over."),
    )
    currency = models.CharField(_("currency"), max_length=3)
    country_code = models.CharField(_("country of bank days"), max_length=2, default="SE")
    grace_bank_days = models.PositiveSmallIntegerField(_("grace (bank days)"), default=3)
    least_amount = amount_field(_("not worth a letter up to"), default=0)
    business_compensation = amount_field(
        _("compensation asked from companies"),
        default=0,
        help_text=_("Asked once instead of fees, 450 kronor by Swedish law; 0: not asked."),
    )
    rungs = models.JSONField(default=list)
    asks_interest = models.BooleanField(
        _("late interest is asked for"),
        default=True,
        help_text=_("With the demand for payment and the hand-over, from the day after the due."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id"]
        constraints = [
            models.UniqueConstraint(fields=["operator"], name="dunning_plan_once"),
            models.CheckConstraint(
                condition=models.Q(least_amount__gte=0, business_compensation__gte=0),
                name="dunning_plan_not_negative",
            ),
        ]
        verbose_name = _("dunning plan")
        verbose_name_plural = _("dunning plans")

    def __str__(self) -> str:
        return str(self.operator_id)


class StepKind(models.TextChoices):
    """What was done."""

    REMINDER = RuleStep.REMINDER.value, _("Reminder")
    FEE_REMINDER = RuleStep.FEE_REMINDER.value, _("Reminder with fee")
    DEMAND = RuleStep.DEMAND.value, _("Collection demand")
    BLOCK = RuleStep.BLOCK.value, _("Account blocked")
    HAND_OVER = RuleStep.HAND_OVER.value, _("Handed over to collection")


class CollectionFile(TenantModel):
    """Invoices handed over to a collection agency, as CSV; kept as it was made (append-only)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)
    invoice_count = models.PositiveIntegerField(_("invoices"))
    user_label = models.CharField(_("made by"), max_length=200)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        verbose_name = _("collection file")
        verbose_name_plural = _("collection files")

    def __str__(self) -> str:
        return self.public_id


class DunningStep(TenantModel):
    """A step that was taken about an invoice, each once, with the letter as it was written.
    Only the fields of sending and the collection file change (trigger)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="dunning_steps")
    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, related_name="dunning_steps"
    )
    step = models.CharField(_("step"), max_length=12, choices=StepKind.choices)
    done_on = models.DateField(_("done"))
    owed = amount_field(_("open of the invoice"))
    fee = amount_field(_("fee"), default=0)
    interest = amount_field(_("interest"), default=0)
    total = amount_field(_("to pay"))
    currency = models.CharField(_("currency"), max_length=3)
    pay_by_on = models.DateField(_("pay by"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    letter = models.TextField(_("letter"), blank=True)
    letter_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    sent_to = models.JSONField(_("sent to"), default=list, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    collection_file = models.ForeignKey(
        CollectionFile, on_delete=models.PROTECT, null=True, blank=True, related_name="steps"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-done_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "step"], name="dunning_step_once"),
            models.CheckConstraint(
                condition=models.Q(fee__gte=0, interest__gte=0), name="dunning_step_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at=None),
                name="dunning_step_unsent_idx",
            )
        ]
        verbose_name = _("dunning step")
        verbose_name_plural = _("dunning steps")

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.done_on}"


class PauseKind(models.TextChoices):
    """Why the clock stands still."""

    BY_HAND = Kind.BY_HAND.value, _("Pause")
    PROMISE = Kind.PROMISE.value, _("Promise to pay")
    DISPUTE = Kind.DISPUTE.value, _("Dispute")


class DunningPause(TenantModel):
    """Days that do not count, of one invoice or of all of an account; both days included."""

    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, related_name="dunning_pauses"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="dunning_pauses"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PauseKind.choices)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=500)
    user_label = models.CharField(_("by"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="dunning_pause_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="promise") | models.Q(until_on__isnull=False),
                name="dunning_pause_promise",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="dunning_pause_reason"),
        ]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.from_on}"


class DunningBlock(TenantModel):
    """An account that was blocked for a late invoice; it is let go when nothing that blocks is
    owed any more. Open: ``lifted_at`` empty. ``is_ours``: the account was not blocked before."""

    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, related_name="dunning_blocks"
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="dunning_blocks")
    blocked_at = models.DateTimeField(_("blocked"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    is_ours = models.BooleanField(_("blocked by this"), default=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-blocked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(lifted_at=None), name="dunning_block_once"
            ),
        ]
        verbose_name = _("block for late payment")
        verbose_name_plural = _("blocks for late payment")

    def __str__(self) -> str:
        return f"{self.account_id}"


class ReferenceRate(TenantModel):
    """The reference rate of a half-year as the operator entered it; it comes before the table
    that the product brings (billing/dunning/interest.py)."""

    from_on = models.DateField(_("half-year from"))
    percent = models.DecimalField(_("reference rate (%)"), max_digits=5, decimal_places=2)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-from_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "from_on"], name="reference_rate_once"),
            models.CheckConstraint(
                condition=models.Q(percent__gte=-20, percent__lte=100),
                name="reference_rate_plausible",
            ),
            models.CheckConstraint(
                condition=models.Q(from_on__day=1, from_on__month__in=(1, 7)),
                name="reference_rate_half_year",
            ),
        ]
        verbose_name = _("reference rate")
        verbose_name_plural = _("reference rates")

    def __str__(self) -> str:
        return f"{self.from_on} {self.percent} %"
