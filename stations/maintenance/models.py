"""Work orders: what a person must do at a site, and everything that was done."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Evse, Station
from stations.incidents.models import Incident
from stations.maintenance import lifecycle
from stations.maintenance.clocks import Terms
from stations.maintenance.partner_models import Partner, Priority, ServiceAgreement
from stations.sites.models import Site

_OF_ORDER = Placing("order_id", "stations.WorkOrder")


class OrderKind(models.TextChoices):
    """What the work is."""

    REPAIR = "repair", _("Repair")
    PREVENTIVE = "preventive", _("Preventive maintenance")
    INSTALLATION = "installation", _("Installation")
    INSPECTION = "inspection", _("Inspection")
    OTHER = "other", _("Other")


class OrderSource(models.TextChoices):
    """What the order came from."""

    INCIDENT = "incident", _("Incident")
    REPORT = "report", _("Driver's report")
    PLAN = "plan", _("Maintenance plan")
    HAND = "hand", _("By hand")


class OrderState(models.TextChoices):
    """How far it is (``lifecycle``)."""

    NEW = "new", _("New")
    TRIAGED = "triaged", _("Triaged")
    SCHEDULED = "scheduled", _("Scheduled")
    EN_ROUTE = "en_route", _("On the way")
    ON_SITE = "on_site", _("On site")
    WAITING_PART = "waiting_part", _("Waits for a part")
    WAITING_UTILITY = "waiting_utility", _("Waits for the grid company")
    REPAIRED = "repaired", _("Repaired")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class WorkOrder(TenantModel):
    """Something that a person must do at a site. ``terms`` keeps what was agreed when it was
    made, so that a later change of the agreement moves no clock (``clocks.Terms``)."""

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(
        _("kind"), max_length=12, choices=OrderKind.choices, default=OrderKind.REPAIR
    )
    source = models.CharField(
        _("source"), max_length=10, choices=OrderSource.choices, default=OrderSource.HAND
    )
    source_ref = models.CharField(_("from"), max_length=60, blank=True)
    priority = models.CharField(
        _("priority"), max_length=2, choices=Priority.choices, default=Priority.P2
    )
    state = models.CharField(
        _("state"), max_length=16, choices=OrderState.choices, default=OrderState.NEW
    )
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    fault_codes = models.CharField(_("fault codes"), max_length=200, blank=True)
    public_note = models.CharField(
        _("notice for drivers"),
        max_length=300,
        blank=True,
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="work_orders", verbose_name=_("site")
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="work_orders"
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreement = models.ForeignKey(
        ServiceAgreement, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.SET_NULL, null=True, blank=True, related_name="work_orders"
    )
    assignee = models.ForeignKey(
        "core.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    terms = models.JSONField(default=dict, blank=True)
    scheduled_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    expected_at = models.DateTimeField(
        _("expected to work again"),
        null=True,
        blank=True,
        help_text=_("Drivers are told this time."),
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    responded_at = models.DateTimeField(_("first on site"), null=True, blank=True)
    repaired_at = models.DateTimeField(_("repaired"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    respond_due_at = models.DateTimeField(_("on site by"), null=True, blank=True)
    restore_due_at = models.DateTimeField(_("working by"), null=True, blank=True)
    visits = models.PositiveSmallIntegerField(_("visits"), default=0)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    resolution = models.TextField(_("what was done"), max_length=4000, blank=True)
    cost_amount = models.DecimalField(
        _("cost"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cost_currency = models.CharField(_("currency"), max_length=3, blank=True)
    opened_by = models.CharField(_("opened by"), max_length=200)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-number", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "number"], name="work_order_number_once"),
            models.CheckConstraint(
                condition=models.Q(evse=None) | models.Q(station__isnull=False),
                name="work_order_evse_of_station",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["closed", "cancelled"], closed_at__isnull=False)
                | ~models.Q(state__in=["closed", "cancelled"]) & models.Q(closed_at=None),
                name="work_order_closed_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["repaired", "verified", "closed"])
                | models.Q(repaired_at__isnull=False),
                name="work_order_repaired_at",
            ),
            models.CheckConstraint(
                condition=models.Q(cost_amount=None, cost_currency="")
                | models.Q(cost_amount__gte=0) & ~models.Q(cost_currency=""),
                name="work_order_cost",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "state"], name="work_order_state_idx"),
            models.Index(fields=["operator", "-opened_at"], name="work_order_recent_idx"),
        ]
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def agreed(self) -> Terms | None:
        """What was promised; None where nothing was."""
        return Terms.read(self.terms)

    @property
    def is_open(self) -> bool:
        """Whether something is to be done."""
        return self.state in lifecycle.OPEN

    @property
    def first_time_fix(self) -> bool | None:
        """Whether one visit was enough."""
        return lifecycle.first_time_fix(
            state=self.state, visits=self.visits, reopened=self.reopened
        )


class EntryKind(models.TextChoices):
    """What a line of an order's log tells."""

    OPENED = "opened", _("Opened")
    STATE = "state", _("State")
    ASSIGNED = "assigned", _("Assigned")
    CHANGED = "changed", _("Changed")
    RESCHEDULED = "rescheduled", _("Another day")
    NOTE = "note", _("Note")
    PAUSE = "pause", _("Clock")


class OrderEntry(TenantModel):
    """One line of an order's log: written once, never changed (trigger)."""

    placing = _OF_ORDER

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField(_("time"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    state = models.CharField(_("state"), max_length=16, choices=OrderState.choices, blank=True)
    author_label = models.CharField(_("by"), max_length=200)
    text = models.CharField(_("text"), max_length=2000, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["operator", "at"], name="order_entry_at_idx")]
        verbose_name = _("entry of an order")
        verbose_name_plural = _("entries of orders")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind}"


class PauseReason(models.TextChoices):
    """Why the clocks of an agreement stand still."""

    PART = "part", _("Waits for a part")
    UTILITY = "utility", _("Waits for the grid company")
    CUSTOMER = "customer", _("Waits for the customer")
    ACCESS = "access", _("No access to the site")
    WEATHER = "weather", _("Weather")
    REPAIRED = "repaired", _("Was taken for repaired")


CHOSEN_PAUSES = [one for one in PauseReason.choices if one[0] != PauseReason.REPAIRED]
"""Reasons that people give."""


class ClockPause(TenantModel):
    """Time that does not count against the promised times; no end: still."""

    placing = _OF_ORDER

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=10, choices=PauseReason.choices)
    began_at = models.DateTimeField(_("from"), default=timezone.now)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    by_label = models.CharField(_("by"), max_length=200)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["began_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(ended_at=None), name="clock_pause_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="clock_pause_order",
            ),
        ]
        verbose_name = _("pause of a clock")
        verbose_name_plural = _("pauses of clocks")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason}"
